# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "cidr_block" {
  description = "Range of the VNet."
  value       = one(azurerm_virtual_network.this.address_space)
}

output "location" {
  description = "Azure region of the VNet."
  value       = azurerm_virtual_network.this.location
}

output "node_subnet_cidr" {
  description = "Range of the node subnet."
  value       = one(azurerm_subnet.nodes.address_prefixes)
}

output "node_subnet_id" {
  description = "Id of the node subnet."
  value       = azurerm_subnet.nodes.id
}

output "resource_group_name" {
  description = "Resource group of the VNet."
  value       = azurerm_virtual_network.this.resource_group_name
}

output "tags" {
  description = "Tags of the VNet."
  value       = azurerm_virtual_network.this.tags
}

output "virtual_network_id" {
  description = "Id of the VNet."
  value       = azurerm_virtual_network.this.id
}

output "virtual_network_name" {
  description = "Name of the VNet."
  value       = azurerm_virtual_network.this.name
}
