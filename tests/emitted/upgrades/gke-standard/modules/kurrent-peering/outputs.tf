# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "covered_ranges" {
  description = "Ranges that talk to the database, by name; each lies inside one of the routes."
  value       = var.covered_ranges
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

output "provider_metadata" {
  description = "What the cloud calls Kurrent's half of the peering, for your half."
  value       = kurrentcloud_peering.this.provider_metadata
}

output "routes" {
  description = "Ranges on your side that the Kurrent network routes to."
  value       = kurrentcloud_peering.this.routes
}
