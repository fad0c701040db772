  default_node_pool {
    name                 = "default"
    vm_size              = var.settings.node_size
    orchestrator_version = var.settings.version
    zones                = var.settings.zones
    vnet_subnet_id       = var.node_subnet_id
    auto_scaling_enabled = true
    min_count            = var.settings.nodes_min
    max_count            = var.settings.nodes_max
    max_pods             = var.settings.pods_per_node

    # Without it, a change of the nodes' size or zones is refused.
    temporary_name_for_rotation = "rotation"

    upgrade_settings {
      max_surge = tostring(var.settings.nodes_surge)
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }
