# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "network_id" {
  description = "Self link of the network."
  value       = google_compute_network.this.self_link
}

output "network_name" {
  description = "Name of the network, by which Kurrent Cloud finds it in the project."
  value       = google_compute_network.this.name
}

output "nodes_cidr" {
  description = "Primary range of the subnet."
  value       = google_compute_subnetwork.nodes.ip_cidr_range
}

output "project" {
  description = "Id of the project that the network is in."
  value       = google_compute_network.this.project
}

output "secondary_range_names" {
  description = "Name of each secondary range in the subnet, by its name in the plan."
  value       = { for range in google_compute_subnetwork.nodes.secondary_ip_range : range.range_name => range.range_name }
}

output "secondary_ranges" {
  description = "Secondary ranges of the subnet, by name."
  value = {
    for range in google_compute_subnetwork.nodes.secondary_ip_range : range.range_name => range.ip_cidr_range
  }
}

output "subnetwork_id" {
  description = "Id of the subnet."
  value       = google_compute_subnetwork.nodes.id
}
