output "location" {
  description = "Azure region of the VNet."
  value       = data.azurerm_virtual_network.this.location
}

output "ranges" {
  description = "Ranges that must reach the database, by name; each is in a range of the VNet's address space."
  value       = var.ranges

  precondition {
    condition     = length(local.ranges_outside) == 0
    error_message = "The VNet ${var.name} does not contain ${join(", ", local.ranges_outside)}: its address space is ${join(", ", local.network_ranges)}."
  }

  # Azure refuses to peer overlapping VNets. Two ranges overlap if they are equal when cut to the
  # shorter prefix length.
  precondition {
    condition = alltrue([
      for cidr in local.network_ranges :
      cidrhost("${split("/", cidr)[0]}/${min(split("/", cidr)[1], split("/", var.kurrent_cidr)[1])}", 0)
      != cidrhost("${split("/", var.kurrent_cidr)[0]}/${min(split("/", cidr)[1], split("/", var.kurrent_cidr)[1])}", 0)
    ])
    error_message = "The VNet ${var.name} (${join(", ", local.network_ranges)}) overlaps the Kurrent network ${var.kurrent_cidr}."
  }
}

output "virtual_network_id" {
  description = "Id of the VNet."
  value       = data.azurerm_virtual_network.this.id
}
