locals {
  dns = one(flatten(data.google_container_cluster.this.control_plane_endpoints_config[*].dns_endpoint_config))

  # The public DNS name of the API, whose certificate a public authority signs.
  dns_endpoint = try(local.dns.allow_external_traffic, false) ? local.dns.endpoint : null
}

output "cluster_ca_certificate" {
  description = "CA certificate of the Kubernetes API in base64, as the Helm and Kubernetes providers decode it; null if a public authority signs it."
  value       = local.dns_endpoint != null ? null : one(data.google_container_cluster.this.master_auth[*].cluster_ca_certificate)
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API, for the Helm and Kubernetes providers."
  value       = "https://${local.dns_endpoint != null ? local.dns_endpoint : data.google_container_cluster.this.endpoint}"
}

output "cluster_id" {
  description = "Id of the cluster: projects/PROJECT/locations/LOCATION/clusters/NAME."
  value       = data.google_container_cluster.this.id
}

output "oidc_issuer_url" {
  description = "OIDC issuer of the cluster's service accounts."
  value       = "https://container.googleapis.com/v1/${data.google_container_cluster.this.id}"
}

output "workload_pool" {
  description = "Workload identity pool of the cluster; null if it has none."
  value       = one(data.google_container_cluster.this.workload_identity_config[*].workload_pool)
}
