output "outbound_type" {
  description = "How the nodes reach the internet."
  value       = azurerm_kubernetes_cluster.this.network_profile[0].outbound_type
}
