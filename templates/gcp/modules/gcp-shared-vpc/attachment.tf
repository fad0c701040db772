# The host project is shared by others, so that it stays attached when this environment is destroyed.
resource "google_compute_shared_vpc_service_project" "this" {
  host_project    = var.host_project
  service_project = var.service_project
  deletion_policy = "ABANDON"
}
