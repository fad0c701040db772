output "pod_subnet_cidr" {
  description = "Range of the pod subnet."
  value       = var.cidr_block
}

output "pod_subnet_id" {
  description = "Id of the pod subnet."
  value       = one(local.pod_subnets[*].id)

  precondition {
    condition     = length(local.pod_subnets) == 1
    error_message = "No subnet of the VNet ${var.virtual_network_name} has the range ${var.cidr_block}; there are ${join(", ", [for subnet in data.azurerm_subnet.all : "${subnet.name} (${join(", ", subnet.address_prefixes)})"])}."
  }
}
