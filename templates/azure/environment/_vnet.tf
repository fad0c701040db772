resource "azurerm_resource_group" "this" {
  name     = "rg-${var.environment}"
  location = var.region
}

module "network" {
  source = "../../modules/azure-network"

  name                = var.environment
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  cidr_block          = var.ranges.network
  nodes_cidr          = var.ranges.nodes
}
