mock_provider "azuread" {}

mock_provider "azurerm" {}

variables {
  # Terraform destroys what a test creates, and prevent_destroy refuses that.
  create_service_principal = false

  name               = "test"
  virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"
}

run "kurrent_cloud_may_peer_with_the_vnet_and_do_nothing_else" {
  module {
    source = "../../modules/azure-peering"
  }

  assert {
    condition = toset(azurerm_role_definition.peering.permissions[0].actions) == toset([
      "Microsoft.Network/virtualNetworks/peer/action",
      "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/delete",
      "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read",
      "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write",
    ])
    error_message = "The role has other actions than the four that a peering needs."
  }

  assert {
    condition = alltrue([
      azurerm_role_assignment.peering.scope == var.virtual_network_id,
      azurerm_role_definition.peering.scope == var.virtual_network_id,
      azurerm_role_definition.peering.assignable_scopes == tolist([var.virtual_network_id]),
    ])
    error_message = "The role is not assigned on the VNet alone."
  }

  assert {
    condition     = azurerm_role_assignment.peering.role_definition_id == azurerm_role_definition.peering.role_definition_resource_id
    error_message = "Kurrent Cloud has the wrong role."
  }

  assert {
    condition     = azurerm_role_assignment.peering.principal_id == one(data.azuread_service_principal.kurrent).object_id
    error_message = "The role is not assigned to the principal's object id, the only id that Azure accepts."
  }
}

run "an_existing_service_principal_is_looked_up" {
  module {
    source = "../../modules/azure-peering"
  }

  assert {
    condition     = length(azuread_service_principal.kurrent) == 0
    error_message = "A tenant has one service principal per application: creating a second one fails."
  }
}

run "the_owner_creates_the_service_principal" {
  command = plan

  module {
    source = "../../modules/azure-peering"
  }

  variables {
    create_service_principal = true
  }

  assert {
    condition     = one(azuread_service_principal.kurrent).client_id == var.kurrent_client_id && length(data.azuread_service_principal.kurrent) == 0
    error_message = "The service principal is not created here."
  }
}
