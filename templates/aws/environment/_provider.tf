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
