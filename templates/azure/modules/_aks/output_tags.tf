output "tags" {
  description = "Tags of the cluster and its nodes."
  value = {
    cluster = azurerm_kubernetes_cluster.this.tags
    nodes   = azurerm_kubernetes_cluster.this.default_node_pool[0].tags
  }
}
