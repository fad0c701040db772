output "pod_subnet_cidr" {
  description = "Range of the pod subnet."
  value       = one(azurerm_subnet.pods.address_prefixes)
}

output "pod_subnet_id" {
  description = "Id of the pod subnet."
  value       = azurerm_subnet.pods.id
}
