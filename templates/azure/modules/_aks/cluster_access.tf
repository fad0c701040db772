  # azurerm 5 requires the block. Karpenter (Auto) would create nodes that the ranges are not sized for.
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

      # In addition to the groups, Azure roles for Kubernetes grant access.
      azure_rbac_enabled = true
    }
  }

  dynamic "maintenance_window_auto_upgrade" {
    for_each = var.settings.maintenance_day == "none" ? [] : [var.settings.maintenance_day]

    content {
      day_of_week = maintenance_window_auto_upgrade.value
      duration    = var.settings.maintenance_hours
      frequency   = "Weekly"
      interval    = 1
      start_time  = var.settings.maintenance_start
      utc_offset  = "+00:00"
    }
  }

  dynamic "maintenance_window_node_os" {
    for_each = var.settings.maintenance_day == "none" ? [] : [var.settings.maintenance_day]

    content {
      day_of_week = maintenance_window_node_os.value
      duration    = var.settings.maintenance_hours
      frequency   = "Weekly"
      interval    = 1
      start_time  = var.settings.maintenance_start
      utc_offset  = "+00:00"
    }
  }

  dynamic "oms_agent" {
    for_each = var.settings.log_workspace_id[*]

    content {
      log_analytics_workspace_id      = oms_agent.value
      msi_auth_for_monitoring_enabled = true
    }
  }
