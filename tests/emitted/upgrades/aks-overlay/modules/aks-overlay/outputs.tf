# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

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
    node_subnet = azurerm_role_assignment.node_subnet.scope
  }
}

output "node_subnet_id" {
  description = "Subnet of the nodes."
  value       = azurerm_kubernetes_cluster.this.default_node_pool[0].vnet_subnet_id
}

output "outbound_type" {
  description = "How the nodes reach the internet."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].outbound_type
}

output "pod_cidr" {
  description = "Range of the pods."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].pod_cidr
}

output "service_cidr" {
  description = "Range of the Kubernetes services."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].service_cidr
}

output "tags" {
  description = "Tags of the cluster and its nodes."
  value = {
    cluster = azurerm_kubernetes_cluster.this.tags
    nodes   = azurerm_kubernetes_cluster.this.default_node_pool[0].tags
  }
}
