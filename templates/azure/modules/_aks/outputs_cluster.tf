output "cluster_ca_certificate" {
  description = "CA certificate of the Kubernetes API in base64, as the Helm and Kubernetes providers decode it."
  value       = one(azurerm_kubernetes_cluster.this.kube_config[*].cluster_ca_certificate)
  sensitive   = true
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API, for the Helm and Kubernetes providers."
  value       = one(azurerm_kubernetes_cluster.this.kube_config[*].host)
  sensitive   = true
}

output "cluster_id" {
  description = "Azure resource id of the cluster."
  value       = azurerm_kubernetes_cluster.this.id
}

output "kubelet_identity" {
  description = "Identity of the nodes, to which roles such as AcrPull are assigned: client_id, object_id, user_assigned_identity_id."
  value       = one(azurerm_kubernetes_cluster.this.kubelet_identity)
}

output "node_resource_group" {
  description = "Resource group that AKS created for the nodes: MC_GROUP_CLUSTER_REGION."
  value       = azurerm_kubernetes_cluster.this.node_resource_group
}

output "oidc_issuer_url" {
  description = "OIDC issuer of the cluster's service accounts, for federated credentials of workload identities."
  value       = azurerm_kubernetes_cluster.this.oidc_issuer_url
}
