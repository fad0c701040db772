# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "role_scope" {
  description = "Where the role of Kurrent Cloud holds."
  value       = azurerm_role_assignment.peering.scope
}

output "tenant_id" {
  description = "Tenant of the VNet: what Kurrent Cloud calls the account."
  value       = data.azurerm_client_config.current.tenant_id
}

output "virtual_network_id" {
  description = "Id of the VNet, once Kurrent Cloud may peer with it."
  value       = var.virtual_network_id

  # Whoever takes the id from here waits for the role; a peering made without it fails.
  depends_on = [azurerm_role_assignment.peering]
}
