# The provider's project.
data "google_project" "this" {}
