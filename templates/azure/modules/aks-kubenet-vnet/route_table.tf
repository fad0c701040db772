# AKS adds a route to each node's pods to this table. Without an inline `route`,
# Terraform does not remove them.
resource "azurerm_route_table" "nodes" {
  name                = "rt-aks-${var.name}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = var.node_subnet_id
  route_table_id = azurerm_route_table.nodes.id
}
