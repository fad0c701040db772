output "network_id" {
  description = "Self link of the network."
  value       = data.google_compute_network.this.self_link
}

output "network_name" {
  description = "Name of the network, by which Kurrent Cloud finds it in the project."
  value       = data.google_compute_network.this.name

  precondition {
    condition     = length(local.kurrent_overlaps) == 0
    error_message = "The network ${var.name} has ${join(", ", local.kurrent_overlaps)}, which overlaps the Kurrent network ${var.kurrent_cidr}: the peering would fail. Set another kurrent range in escscaffold.toml."
  }
}

output "project" {
  description = "Id of the project that the network is in."

  # projects/PROJECT/global/networks/NAME, because some provider versions do not export the project.
  value = split("/", data.google_compute_network.this.id)[1]
}

output "ranges" {
  description = "Ranges that must reach the database, by name."
  value       = var.ranges
}
