resource "azurerm_user_assigned_identity" "cluster" {
  name                = "id-aks-${var.name}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

# https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
resource "azurerm_role_assignment" "secrets_key" {
  for_each = toset(var.settings.secrets_key_vault_id[*])

  scope                = each.key
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}
