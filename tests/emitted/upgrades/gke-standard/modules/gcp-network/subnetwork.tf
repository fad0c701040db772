# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "google_compute_subnetwork" "nodes" {
  name          = "subnet-${var.name}"
  network       = google_compute_network.this.id
  region        = var.region
  ip_cidr_range = var.nodes_cidr

  # Nodes reach Google's APIs and registries without going over the internet.
  private_ip_google_access = true

  # Where a connection is dropped without a word, they say whether it left.
  dynamic "log_config" {
    for_each = var.flow_logs ? ["on"] : []

    content {
      aggregation_interval = "INTERVAL_10_MIN"
      flow_sampling        = 0.5
      metadata             = "INCLUDE_ALL_METADATA"
    }
  }

  dynamic "secondary_ip_range" {
    for_each = var.secondary_ranges

    content {
      range_name    = secondary_ip_range.key
      ip_cidr_range = secondary_ip_range.value
    }
  }
}
