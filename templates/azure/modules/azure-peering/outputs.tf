output "role_scope" {
  description = "Scope of Kurrent Cloud's role."
  value       = azurerm_role_assignment.peering.scope
}

output "tenant_id" {
  description = "Tenant of the VNet, which Kurrent Cloud calls account."
  value       = data.azurerm_client_config.current.tenant_id
}

output "virtual_network_id" {
  description = "Id of the VNet, available once Kurrent Cloud can peer with it."
  value       = var.virtual_network_id

  # A consumer of this id waits for the role; a peering without it fails.
  depends_on = [azurerm_role_assignment.peering]
}
