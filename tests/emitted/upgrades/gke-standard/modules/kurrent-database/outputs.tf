# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "cluster_id" {
  description = "Id of the database cluster."
  value       = kurrentcloud_managed_cluster.this.id
}

output "connection_string" {
  description = "Connection string of the database, without credentials."
  value = format(
    "%s://%s:2113",
    var.settings.topology == "single-node" ? "kurrentdb" : "kurrentdb+discover",
    kurrentcloud_managed_cluster.this.dns_name
  )
}

output "dns_name" {
  description = "Name of the database; it resolves to addresses in the Kurrent network."
  value       = kurrentcloud_managed_cluster.this.dns_name
}

output "project_id" {
  description = "Id of the project that the database is in."
  value       = kurrentcloud_managed_cluster.this.project_id
}
