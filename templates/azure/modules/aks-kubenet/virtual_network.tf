locals {
  # Checked here and not in the data sources: a data source that refers to a resource is delayed by
  # any change of it, its result is unknown in the plan, and the Kurrent provider replaces a peering
  # whose network is unknown.
  #
  # For the opposite reason, the cluster does not set node_resource_group: a name known before the
  # cluster exists would be read too early.
  node_resource_group = azurerm_kubernetes_cluster.this.node_resource_group
}

data "azurerm_resources" "virtual_networks" {
  resource_group_name = local.node_resource_group
  type                = "Microsoft.Network/virtualNetworks"
}

data "azurerm_virtual_network" "this" {
  name                = data.azurerm_resources.virtual_networks.resources[0].name
  resource_group_name = local.node_resource_group
}
