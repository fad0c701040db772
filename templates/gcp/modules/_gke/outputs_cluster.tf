locals {
  # IAM controls access to the API by its DNS name; its address accepts only your networks.
  # https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
  dns_endpoint = one(flatten(google_container_cluster.this.control_plane_endpoints_config[*].dns_endpoint_config[*].endpoint))
}

output "cluster_ca_certificate" {
  description = "CA certificate of the Kubernetes API in base64, as the Helm and Kubernetes providers decode it; null if a public authority signs it."
  value       = var.settings.dns_access ? null : one(google_container_cluster.this.master_auth[*].cluster_ca_certificate)
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API, for the Helm and Kubernetes providers."
  value       = "https://${var.settings.dns_access ? local.dns_endpoint : google_container_cluster.this.endpoint}"
}

output "cluster_id" {
  description = "Id of the cluster: projects/PROJECT/locations/LOCATION/clusters/NAME."
  value       = google_container_cluster.this.id
}

output "node_service_account" {
  description = "Email of the service account of the nodes."
  value       = google_service_account.nodes.email
}

output "oidc_issuer_url" {
  description = "OIDC issuer of the cluster's service accounts."
  value       = "https://container.googleapis.com/v1/${google_container_cluster.this.id}"
}

output "workload_pool" {
  description = "Workload identity pool of the cluster, for IAM members of service accounts."
  value       = one(google_container_cluster.this.workload_identity_config[*].workload_pool)
}
