  # azurerm 5 wants the choice, and Karpenter would make nodes that nobody counted.
  node_provisioning_profile {
    mode = "Manual"
  }

  dynamic "api_server_access_profile" {
    for_each = length(var.settings.endpoint_access_ranges) > 0 ? ["restricted"] : []

    content {
      authorized_ip_ranges = var.settings.endpoint_access_ranges
    }
  }

  dynamic "azure_active_directory_role_based_access_control" {
    for_each = length(var.settings.admin_group_ids) > 0 ? ["entra"] : []

    content {
      admin_group_object_ids = var.settings.admin_group_ids

      # Besides the groups, Azure's roles for Kubernetes let people in.
      azure_rbac_enabled = true
    }
  }
