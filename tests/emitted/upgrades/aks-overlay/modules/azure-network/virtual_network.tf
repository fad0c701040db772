# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.name}"
  location            = var.location
  resource_group_name = var.resource_group_name
  address_space       = [var.cidr_block]
  tags                = var.tags
}
