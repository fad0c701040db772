  # Secrets in etcd. The plugin sends its requests to the vault's public endpoint.
  dynamic "key_management_service" {
    for_each = var.settings.secrets_key_id[*]

    content {
      key_vault_key_id         = key_management_service.value
      key_vault_network_access = "Public"
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }
