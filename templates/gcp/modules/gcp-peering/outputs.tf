output "exports_custom_routes" {
  description = "Whether the Kurrent network imports your static and dynamic routes."
  value       = google_compute_network_peering.this.export_custom_routes
}

output "imports_custom_routes" {
  description = "Whether your network imports static and dynamic routes of the Kurrent network."
  value       = google_compute_network_peering.this.import_custom_routes
}

output "network_id" {
  description = "Your side of the peering."
  value       = google_compute_network_peering.this.network
}

output "peer_network_id" {
  description = "Kurrent's side of the peering."
  value       = google_compute_network_peering.this.peer_network
}
