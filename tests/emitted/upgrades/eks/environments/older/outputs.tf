# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value       = module.kubernetes.connect_command
}

output "connection_string" {
  description = "Connection string of the database, without credentials."
  value       = module.kurrent_database.connection_string
}

output "database_dns_name" {
  description = "Name of the database; it resolves to addresses in the Kurrent network."
  value       = module.kurrent_database.dns_name
}

output "kubernetes_cluster_name" {
  description = "Name of the Kubernetes cluster."
  value       = module.kubernetes.cluster_name
}

output "kurrent_range" {
  description = "Range of the Kurrent network."
  value       = module.kurrent_network.cidr_block
}

output "peering_id" {
  description = "Id of the peering in Kurrent Cloud."
  value       = module.kurrent_peering.peering_id
}

output "ranges" {
  description = "Every range of this environment, by name."
  value       = var.ranges
}

output "remote" {
  description = "Ranges on your side that the Kurrent network routes to."
  value       = module.kurrent_peering.routes
}
