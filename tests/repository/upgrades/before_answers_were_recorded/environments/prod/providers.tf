# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Reads the project from GOOGLE_PROJECT, and credentials from GOOGLE_APPLICATION_CREDENTIALS
# or from `gcloud auth application-default login`.
provider "google" {
  region = var.region

  default_labels = {
    environment = var.environment
    managed-by  = "terraform"
  }
}

# Reads ESC_ORG_ID and ESC_TOKEN from the environment; kurrentcloud 3.1 and later
# also ESC_CLIENT_ID and ESC_CLIENT_SECRET instead of the token.
provider "kurrentcloud" {}
