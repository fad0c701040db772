  validation {
    condition     = var.kubernetes.nodes_min * var.kubernetes.pods_per_node >= 30
    error_message = "AKS wants room for at least 30 pods in all: raise nodes_min or pods_per_node."
  }

  validation {
    condition     = var.kubernetes.version == null || contains(["none", "patch"], var.kubernetes.upgrade_channel)
    error_message = "A version goes with the upgrade_channel patch or none: the others leave it behind, and the next plan would go back to it."
  }

  validation {
    condition     = !var.kubernetes.private_cluster || length(var.kubernetes.endpoint_access_ranges) == 0
    error_message = "A private cluster has no public address, so there are no endpoint_access_ranges that could reach it."
  }
