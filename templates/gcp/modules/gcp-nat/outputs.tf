output "subnetworks" {
  description = "Ranges that use the gateway, by subnet id."
  value = {
    for one in google_compute_router_nat.this.subnetwork : one.name => one.source_ip_ranges_to_nat
  }
}
