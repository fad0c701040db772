# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

locals {
  tags = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}

# Reads AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from the environment.
provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

# Reads ESC_ORG_ID, ESC_CLIENT_ID and ESC_CLIENT_SECRET of a service account from the environment. ESC_TOKEN, the
# refresh token of a person, works too, is deprecated, and will be decommissioned.
provider "kurrentcloud" {}
