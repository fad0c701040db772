# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "subnetworks" {
  description = "What goes out through the gateway: the ranges of each subnet, by its id."
  value = {
    for one in google_compute_router_nat.this.subnetwork : one.name => one.source_ip_ranges_to_nat
  }
}
