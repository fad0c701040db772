# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "google_compute_router" "this" {
  name    = "router-${var.name}"
  network = var.network_id
  region  = var.region
}

# For what goes to the internet only: a packet to the Kurrent network follows the route of the
# peering and keeps its address.
# https://cloud.google.com/nat/docs/overview
resource "google_compute_router_nat" "this" {
  name                               = "nat-${var.name}"
  router                             = google_compute_router.this.name
  region                             = google_compute_router.this.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  # Nodes and pods: the primary range and the secondary ones.
  subnetwork {
    name                    = var.subnetwork_id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  # A gateway that has run out of ports drops connections; this is where it says so.
  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
