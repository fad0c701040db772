# In the provider's project.
data "google_compute_network" "this" {
  name = var.name
}
