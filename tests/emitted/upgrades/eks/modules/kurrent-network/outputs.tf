# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "cidr_block" {
  description = "Range of the network."
  value       = kurrentcloud_network.this.cidr_block
}

output "network_id" {
  description = "Id of the network."
  value       = kurrentcloud_network.this.id
}

output "project_id" {
  description = "Id of the project that the network is in."
  value       = kurrentcloud_project.this.id
}

output "resource_provider" {
  description = "Cloud of the network."
  value       = kurrentcloud_network.this.resource_provider
}
