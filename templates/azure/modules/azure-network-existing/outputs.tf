output "location" {
  description = "Azure region of the VNet."
  value       = data.azurerm_virtual_network.this.location
}

output "ranges" {
  description = "Ranges that must reach the database, by name; each lies in a range of the VNet's address space."
  value       = var.ranges

  precondition {
    condition     = length(local.ranges_outside) == 0
    error_message = "The VNet ${var.name} does not hold ${join(", ", local.ranges_outside)}: its address space is ${join(", ", local.network_ranges)}."
  }
}

output "virtual_network_id" {
  description = "Id of the VNet."
  value       = data.azurerm_virtual_network.this.id
}
