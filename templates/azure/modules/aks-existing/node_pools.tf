locals {
  # Azure returns ids in a different case than they were created with.
  pools_elsewhere = [
    for pool in data.azurerm_kubernetes_cluster.this.agent_pool_profile : pool.name
    if lower(pool.vnet_subnet_id) != lower(var.node_subnet_id)
  ]
}

# Other pools are allowed: their nodes reach the database if they are in the
# same VNet.
check "node_pools" {
  assert {
    condition     = length(local.pools_elsewhere) == 0
    error_message = "Node pools of ${var.name} are in another subnet than planned: ${join(", ", local.pools_elsewhere)}."
  }
}
