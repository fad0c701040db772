# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

data "azurerm_client_config" "current" {}

resource "azurerm_role_definition" "peering" {
  # A role's name is unique in the tenant, so an environment's name is not enough.
  name              = "kurrent-peering-${var.name}-${data.azurerm_client_config.current.subscription_id}"
  description       = "Lets Kurrent Cloud peer its network with the VNet of ${var.name}."
  scope             = var.virtual_network_id
  assignable_scopes = [var.virtual_network_id]

  permissions {
    actions = [
      "Microsoft.Network/virtualNetworks/peer/action",
      "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/delete",
      "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read",
      "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write",
    ]
  }
}

resource "azurerm_role_assignment" "peering" {
  scope              = var.virtual_network_id
  role_definition_id = azurerm_role_definition.peering.role_definition_resource_id
  principal_id       = local.principal_id
  principal_type     = "ServicePrincipal"
}
