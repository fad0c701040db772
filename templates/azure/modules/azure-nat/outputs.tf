output "ip_address" {
  description = "Public address of outbound traffic."
  value       = azurerm_public_ip.this.ip_address
}

output "subnet_ids" {
  description = "Subnets that reach the internet through the gateway."
  value       = { for name, association in azurerm_subnet_nat_gateway_association.this : name => association.subnet_id }
}

output "tags" {
  description = "Tags of the gateway and of its address."
  value = {
    nat_gateway = azurerm_nat_gateway.this.tags
    public_ip   = azurerm_public_ip.this.tags
  }
}
