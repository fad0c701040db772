# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Kurrent's half of the peering stays inactive until this half is there.
resource "google_compute_network_peering" "this" {
  name         = "kurrent-${var.name}"
  network      = var.network_id
  peer_network = var.peer_network_id

  # Routes of subnets are exchanged always, all others only when both sides say so.
  export_custom_routes = true
  import_custom_routes = true
}

# A warning only: the other half may be late, and then a second plan finds it active.
check "peering" {
  assert {
    condition     = google_compute_network_peering.this.state == "ACTIVE"
    error_message = "The peering ${google_compute_network_peering.this.name} is not active: ${google_compute_network_peering.this.state_details}"
  }
}
