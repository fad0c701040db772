  # The default logs of GKE, and the requested logs of the control plane.
  logging_config {
    enable_components = concat(["SYSTEM_COMPONENTS", "WORKLOADS"], var.settings.control_plane_logs)
  }

  dynamic "maintenance_policy" {
    for_each = local.maintenance

    content {
      recurring_window {
        start_time = maintenance_policy.value.start
        end_time   = timeadd(maintenance_policy.value.start, "${var.settings.maintenance_hours}h")
        recurrence = "FREQ=WEEKLY;BYDAY=${maintenance_policy.value.day}"
      }
    }
  }

  dynamic "database_encryption" {
    for_each = var.settings.secrets_key[*]

    content {
      key_name = database_encryption.value
      state    = "ENCRYPTED"
    }
  }
