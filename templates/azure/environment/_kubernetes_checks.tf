  validation {
    condition     = var.kubernetes.nodes_min * var.kubernetes.pods_per_node >= 30
    error_message = "AKS wants room for at least 30 pods in all: raise nodes_min or pods_per_node."
  }
