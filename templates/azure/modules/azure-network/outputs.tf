output "address_space" {
  description = "Ranges of the VNet, as a set."
  value       = azurerm_virtual_network.this.address_space
}

output "node_subnet_cidr" {
  description = "Range of the node subnet."
  value       = one(azurerm_subnet.nodes.address_prefixes)
}

output "node_subnet_id" {
  description = "Id of the node subnet."
  value       = azurerm_subnet.nodes.id
}

output "virtual_network_id" {
  description = "Id of the VNet."
  value       = azurerm_virtual_network.this.id
}

output "virtual_network_name" {
  description = "Name of the VNet."
  value       = azurerm_virtual_network.this.name
}
