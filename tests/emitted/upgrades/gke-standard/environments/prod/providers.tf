# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Reads the project from GOOGLE_PROJECT, and credentials from GOOGLE_APPLICATION_CREDENTIALS
# or from `gcloud auth application-default login`.
provider "google" {
  region = var.region

  default_labels = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}

# Reads ESC_ORG_ID, ESC_CLIENT_ID and ESC_CLIENT_SECRET of a service account from the environment. ESC_TOKEN, the
# refresh token of a person, works too, is deprecated, and will be decommissioned.
provider "kurrentcloud" {}
