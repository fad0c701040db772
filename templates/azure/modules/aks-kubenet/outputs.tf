output "address_space" {
  description = "Ranges of the VNet that AKS made."
  value       = data.azurerm_virtual_network.this.address_space
}

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

output "pod_cidr" {
  description = "Range of the pods."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].pod_cidr
}

output "service_cidr" {
  description = "Range of the Kubernetes services."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].service_cidr
}

output "virtual_network_id" {
  description = "Id of the VNet that AKS made."
  value       = data.azurerm_virtual_network.this.id

  # Here and not on the data source, which a condition of its own would put off
  # by any change of the cluster (see virtual_network.tf).
  precondition {
    condition     = toset(data.azurerm_virtual_network.this.address_space) == toset([var.expected_cidr])
    error_message = "AKS made its VNet with ${join(", ", data.azurerm_virtual_network.this.address_space)}, and the peering was planned for ${var.expected_cidr}. Bring a VNet of your own (mode aks-kubenet-vnet) to choose the range."
  }
}
