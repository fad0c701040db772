# Kurrent's half of the peering stays inactive until this half exists.
resource "google_compute_network_peering" "this" {
  name         = "kurrent-${var.name}"
  network      = var.network_id
  peer_network = var.peer_network_id

  # Subnet routes are always exchanged, other routes only if both sides enable it.
  export_custom_routes = true
  import_custom_routes = true
}

# A warning only: if the other half is late, the next plan finds it active.
check "peering" {
  assert {
    condition     = google_compute_network_peering.this.state == "ACTIVE"
    error_message = "The peering ${google_compute_network_peering.this.name} is not active: ${google_compute_network_peering.this.state_details}"
  }
}
