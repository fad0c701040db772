# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "exports_custom_routes" {
  description = "Whether Kurrent's network learns your static and dynamic routes."
  value       = google_compute_network_peering.this.export_custom_routes
}

output "imports_custom_routes" {
  description = "Whether your network learns the static and dynamic routes of Kurrent's."
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
