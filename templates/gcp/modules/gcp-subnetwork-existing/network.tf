# In the project that the provider is set to.
data "google_compute_network" "this" {
  name = var.name
}
