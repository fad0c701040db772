locals {
  # Named here and not in the data sources: a data source that names a resource
  # is put off by any change of it, its result is unknown in the plan, and the
  # Kurrent provider replaces a peering whose network is unknown.
  #
  # The cluster leaves node_resource_group unset for the same reason turned
  # around: a name known before the cluster is there would be read too early.
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
