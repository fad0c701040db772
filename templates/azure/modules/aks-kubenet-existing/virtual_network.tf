data "azurerm_resources" "virtual_networks" {
  resource_group_name = data.azurerm_kubernetes_cluster.this.node_resource_group
  type                = "Microsoft.Network/virtualNetworks"
}

data "azurerm_virtual_network" "all" {
  for_each = toset(data.azurerm_resources.virtual_networks.resources[*].name)

  name                = each.key
  resource_group_name = data.azurerm_kubernetes_cluster.this.node_resource_group
}

locals {
  address_space = flatten([for network in data.azurerm_virtual_network.all : network.address_space])
}
