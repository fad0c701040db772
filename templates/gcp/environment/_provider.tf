{% if "project" in environment.account %}
# Reads credentials from GOOGLE_APPLICATION_CREDENTIALS or from `gcloud auth application-default login`.
{% else %}
# Reads the project from GOOGLE_PROJECT, and credentials from GOOGLE_APPLICATION_CREDENTIALS
# or from `gcloud auth application-default login`.
{% endif %}
provider "google" {
{% set arguments = {"project": "var.account.project", "region": "var.region", "impersonate_service_account": "var.account.impersonate_service_account"} %}
{% set given = ["region"] + environment.account | list %}
{% set width = given | map("length") | max %}
{% for name, value in arguments.items() if name in given %}
  {{ name.ljust(width) }} = {{ value }}
{% endfor %}

  default_labels = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}
