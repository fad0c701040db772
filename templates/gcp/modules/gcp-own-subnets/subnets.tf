resource "google_compute_subnetwork" "own" {
  for_each = var.subnets

  name          = "${each.key}-${var.name}"
  network       = var.network_id
  region        = var.region
  ip_cidr_range = each.value

  # Resources in the subnet reach Google's APIs without the internet.
  private_ip_google_access = true

  dynamic "log_config" {
    for_each = var.flow_logs ? ["on"] : []

    content {
      aggregation_interval = "INTERVAL_10_MIN"
      flow_sampling        = 0.5
      metadata             = "INCLUDE_ALL_METADATA"
    }
  }
}
