# Reads the project from GOOGLE_PROJECT, and credentials from GOOGLE_APPLICATION_CREDENTIALS
# or from `gcloud auth application-default login`.
provider "google" {
  region = var.region

  default_labels = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}
