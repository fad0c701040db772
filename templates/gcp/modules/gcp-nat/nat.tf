resource "google_compute_router" "this" {
  name    = "router-${var.name}"
  network = var.network_id
  region  = var.region
}

# For internet traffic only: packets to the Kurrent network follow the route of the peering and
# keep their address.
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

  # A gateway without free ports drops connections and logs it here.
  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
