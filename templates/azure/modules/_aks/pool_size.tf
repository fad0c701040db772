    auto_scaling_enabled = true
    min_count            = var.settings.nodes_min
    max_count            = var.settings.nodes_max
    max_pods             = var.settings.pods_per_node

    # Without it, a change of the nodes' size, disks or zones is refused.
    temporary_name_for_rotation = "rotation"

    upgrade_settings {
      max_surge = tostring(var.settings.nodes_surge)
    }
