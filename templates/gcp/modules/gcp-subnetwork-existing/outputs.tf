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

output "nodes_cidr" {
  description = "Primary range of the subnet."
  value       = var.nodes_cidr
}

output "project" {
  description = "Id of the project that the network is in."

  # projects/PROJECT/global/networks/NAME, because some provider versions do not export the project.
  value = split("/", data.google_compute_network.this.id)[1]
}

output "secondary_range_names" {
  description = "Name of each secondary range in the subnet, by its name in the plan."
  value       = { for name, cidr in var.secondary_ranges : name => local.secondary_range_names[cidr] }

  precondition {
    condition     = length(local.missing_secondary_ranges) == 0
    error_message = "The subnet ${var.nodes_cidr} of ${var.name} has no secondary range ${join(", ", local.missing_secondary_ranges)}; it has ${join(", ", keys(local.secondary_range_names))}. Set one of these in escscaffold.toml."
  }
}

output "secondary_ranges" {
  description = "Secondary ranges of the subnet, by their names in the plan."
  value       = var.secondary_ranges
}

output "subnetwork_id" {
  description = "Id of the subnet."
  value       = one(local.subnetworks[*].id)

  precondition {
    condition     = length(local.subnetworks) == 1
    error_message = "The network ${var.name} has no subnet with the primary range ${var.nodes_cidr} in ${var.region}; it has ${join(", ", values(data.google_compute_subnetwork.regional)[*].ip_cidr_range)}. Set one of these in escscaffold.toml."
  }
}
