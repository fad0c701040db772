# A VNet lists its subnets by name, but the plan has their ranges.
data "azurerm_subnet" "all" {
  for_each = toset(data.azurerm_virtual_network.this.subnets)

  name                 = each.key
  virtual_network_name = var.virtual_network_name
  resource_group_name  = var.resource_group_name
}

locals {
  node_subnets = [for subnet in data.azurerm_subnet.all : subnet if contains(subnet.address_prefixes, var.nodes_cidr)]
}
