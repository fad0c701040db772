  validation {
    condition     = var.kubernetes.nodes_min * var.kubernetes.pods_per_node >= 30
    error_message = "AKS requires room for at least 30 pods: raise nodes_min or pods_per_node."
  }

  validation {
    condition     = var.kubernetes.version == null || contains(["none", "patch"], var.kubernetes.upgrade_channel)
    error_message = "A version requires the upgrade_channel patch or none: other channels upgrade past it, and the next plan would try to undo that."
  }

  validation {
    condition     = !var.kubernetes.private_cluster || length(var.kubernetes.endpoint_access_ranges) == 0
    error_message = "A private cluster has no public address: remove endpoint_access_ranges."
  }
