output "cluster_name" {
  description = "Name of the cluster."
  value       = azurerm_kubernetes_cluster.this.name
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value       = "az aks get-credentials --resource-group ${azurerm_kubernetes_cluster.this.resource_group_name} --name ${azurerm_kubernetes_cluster.this.name}"
}

output "dns_service_ip" {
  description = "Address of the cluster's DNS, the tenth of the service range."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].dns_service_ip
}
