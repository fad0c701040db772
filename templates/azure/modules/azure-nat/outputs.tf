output "ip_address" {
  description = "Address that the internet sees."
  value       = azurerm_public_ip.this.ip_address
}

output "subnet_ids" {
  description = "Subnets that reach the internet by the gateway."
  value       = { for name, association in azurerm_subnet_nat_gateway_association.this : name => association.subnet_id }
}

output "tags" {
  description = "Tags of the gateway and of its address."
  value = {
    nat_gateway = azurerm_nat_gateway.this.tags
    public_ip   = azurerm_public_ip.this.tags
  }
}
