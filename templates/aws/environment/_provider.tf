locals {
  tags = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}

# Reads AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from the environment.
provider "aws" {
{% if "account_id" in environment.account %}
  region              = var.region
  allowed_account_ids = [var.account.account_id]
{% else %}
  region = var.region
{% endif %}

{% if "role_arn" in environment.account %}
  assume_role {
{% if "external_id" in environment.account %}
    role_arn    = var.account.role_arn
    external_id = var.account.external_id
{% else %}
    role_arn = var.account.role_arn
{% endif %}
  }

{% endif %}
  default_tags {
    tags = local.tags
  }
}
