output "subnet_cidrs" {
  description = "Ranges of the subnets, by name."
  value       = { for name, subnet in azurerm_subnet.own : name => one(subnet.address_prefixes) }
}

output "subnet_ids" {
  description = "Ids of the subnets, by name."
  value       = { for name, subnet in azurerm_subnet.own : name => subnet.id }
}
