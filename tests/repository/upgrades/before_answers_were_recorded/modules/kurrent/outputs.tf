# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "cidr_block" {
  description = "Range of the Kurrent network."
  value       = kurrentcloud_network.this.cidr_block
}

output "connection_string" {
  description = "Connection string of the database, without credentials."
  value = format(
    "%s://%s:2113",
    var.database.topology == "single-node" ? "kurrentdb" : "kurrentdb+discover",
    kurrentcloud_managed_cluster.this.dns_name
  )
}

output "covered_ranges" {
  description = "Ranges that talk to the database, by name; each lies inside one of the routes."
  value       = var.covered_ranges
}

output "dns_name" {
  description = "Name of the database; it resolves to addresses in the Kurrent network."
  value       = kurrentcloud_managed_cluster.this.dns_name
}

output "network_id" {
  description = "Id of the Kurrent network."
  value       = kurrentcloud_network.this.id
}

output "peer" {
  description = "Your half of the peering, as Kurrent Cloud was told."
  value = {
    account_id = kurrentcloud_peering.this.peer_account_id
    network_id = kurrentcloud_peering.this.peer_network_id
    region     = kurrentcloud_peering.this.peer_network_region
  }
}

output "peering_id" {
  description = "Id of the peering."
  value       = kurrentcloud_peering.this.id
}

output "project_id" {
  description = "Id of the project."
  value       = kurrentcloud_project.this.id
}

output "provider_metadata" {
  description = "What the cloud calls Kurrent's half of the peering, for your half."
  value       = kurrentcloud_peering.this.provider_metadata
}

output "resource_provider" {
  description = "Cloud of the Kurrent network."
  value       = kurrentcloud_network.this.resource_provider
}

output "routes" {
  description = "Ranges on your side that the Kurrent network routes to."
  value       = kurrentcloud_peering.this.routes
}
