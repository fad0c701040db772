output "cluster_name" {
  description = "Name of the cluster."
  value       = data.azurerm_kubernetes_cluster.this.name
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value       = "az aks get-credentials --resource-group ${var.resource_group_name} --name ${var.name}"
}

output "dns_service_ip" {
  description = "Address of the cluster's DNS."
  value       = local.network.dns_service_ip
}
