# Conditions are not on the data sources: there, another change would delay the
# lookup, and the Kurrent provider replaces a peering whose network is unknown
# in the plan.
output "cidr_block" {
  description = "Planned range of the VNet."
  value       = var.cidr_block

  precondition {
    condition     = contains(data.azurerm_virtual_network.this.address_space, var.cidr_block)
    error_message = "The VNet ${var.virtual_network_name} has ${join(", ", data.azurerm_virtual_network.this.address_space)}; the plan has ${var.cidr_block}."
  }

  # Azure refuses to peer overlapping VNets, with a message without ranges. Two ranges overlap if
  # they are equal when cut to the shorter prefix length; a VNet can also have IPv6.
  precondition {
    condition = alltrue([
      for cidr in data.azurerm_virtual_network.this.address_space :
      cidrhost("${split("/", cidr)[0]}/${min(split("/", cidr)[1], split("/", var.kurrent_cidr)[1])}", 0)
      != cidrhost("${split("/", var.kurrent_cidr)[0]}/${min(split("/", cidr)[1], split("/", var.kurrent_cidr)[1])}", 0)
      if can(cidrnetmask(cidr))
    ])
    error_message = "The VNet ${var.virtual_network_name} (${join(", ", data.azurerm_virtual_network.this.address_space)}) overlaps the Kurrent network ${var.kurrent_cidr}."
  }
}

output "location" {
  description = "Azure region of the VNet."
  value       = data.azurerm_virtual_network.this.location

  precondition {
    condition     = data.azurerm_virtual_network.this.location == var.location
    error_message = "The VNet ${var.virtual_network_name} is in ${data.azurerm_virtual_network.this.location}, not in ${var.location}: AKS requires a VNet in the region of the cluster."
  }
}

output "node_subnet_cidr" {
  description = "Range of the node subnet."
  value       = var.nodes_cidr
}

output "node_subnet_id" {
  description = "Id of the node subnet."
  value       = one(local.node_subnets[*].id)

  precondition {
    condition     = length(local.node_subnets) == 1
    error_message = "No subnet of the VNet ${var.virtual_network_name} has the range ${var.nodes_cidr}; there are ${join(", ", [for subnet in data.azurerm_subnet.all : "${subnet.name} (${join(", ", subnet.address_prefixes)})"])}."
  }
}

output "resource_group_name" {
  description = "Resource group of the VNet."
  value       = var.resource_group_name
}

output "subnet_names" {
  description = "Names of all subnets of the VNet."
  value       = data.azurerm_virtual_network.this.subnets
}

output "virtual_network_id" {
  description = "Id of the VNet."
  value       = data.azurerm_virtual_network.this.id
}

output "virtual_network_name" {
  description = "Name of the VNet."
  value       = var.virtual_network_name
}
