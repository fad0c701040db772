  # A node takes a /24 for its pods, and the services the last /20.
  validation {
    condition = sum(concat(
      [var.settings.nodes_max + var.settings.nodes_surge],
      [for pool in values(var.pools) : pool.nodes_max + pool.nodes_surge],
    )) <= pow(2, 24 - split("/", var.pods_cidr)[1]) - 16
    error_message = "The cluster range ${var.pods_cidr} has a /24 for ${pow(2, 24 - split("/", var.pods_cidr)[1]) - 16} nodes and the services; nodes_max + nodes_surge of all node pools is more."
  }
