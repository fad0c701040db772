output "cluster_name" {
  description = "Name of the cluster."
  value       = google_container_cluster.this.name
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value = join(" ", concat([
    "gcloud container clusters get-credentials ${google_container_cluster.this.name}",
    "--location ${google_container_cluster.this.location}",
    "--project ${google_container_cluster.this.project}",
  ], var.settings.dns_access ? ["--dns-endpoint"] : []))
}

output "nodes_member" {
  description = "Account of the nodes, as IAM names it: grant it roles/artifactregistry.reader if they pull private images."
  value       = google_project_iam_member.nodes.member
}

output "pods_cidr" {
  description = "Cluster range: the addresses of pods."
  value       = google_container_cluster.this.cluster_ipv4_cidr
}

output "subnetwork_id" {
  description = "Id of the subnet that the nodes are in."
  value       = google_container_cluster.this.subnetwork
}
