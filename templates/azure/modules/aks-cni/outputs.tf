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

output "network_role_scopes" {
  description = "What the cluster may change in the network, by name."
  value = {
    virtual_network = azurerm_role_assignment.virtual_network.scope
  }
}

output "node_subnet_id" {
  description = "Subnet of the nodes."
  value       = azurerm_kubernetes_cluster.this.default_node_pool[0].vnet_subnet_id
}

output "service_cidr" {
  description = "Range of the Kubernetes services."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].service_cidr
}
