{% if "project" in environment.account %}
# Reads credentials from GOOGLE_APPLICATION_CREDENTIALS or from `gcloud auth application-default login`.
{% else %}
# Reads the project from GOOGLE_PROJECT, and credentials from GOOGLE_APPLICATION_CREDENTIALS
# or from `gcloud auth application-default login`.
{% endif %}
{% set arguments = {"project": "var.account.project", "region": "var.region", "impersonate_service_account": "var.account.impersonate_service_account"} %}
{% set given = ["region"] + environment.account | reject("eq", "host_project") | list %}
{% set width = given | map("length") | max %}
provider "google" {
{% for name, value in arguments.items() if name in given %}
  {{ name.ljust(width) }} = {{ value }}
{% endfor %}

  default_labels = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}
{% if "host_project" in environment.account %}
{% set given = (["project"] + given) | unique | list %}
{% set width = given | map("length") | max %}

# The host project of the Shared VPC: the network, and all that belongs to it.
provider "google" {
  alias = "host"

{% for name, value in dict(arguments, project="var.account.host_project").items() if name in given %}
  {{ name.ljust(width) }} = {{ value }}
{% endfor %}

  default_labels = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}
{% endif %}
