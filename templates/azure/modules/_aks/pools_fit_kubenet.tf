  # A node takes a /24 of the pods, and kubenet routes to 400 nodes at most. An upgrade adds no Spot node.
  validation {
    condition = sum(concat(
      [var.settings.nodes_max + var.settings.nodes_surge],
      [for pool in values(var.pools) : pool.nodes_max + (pool.spot ? 0 : pool.nodes_surge)],
    )) <= min(400, pow(2, 24 - split("/", var.pod_cidr)[1]))
    error_message = "The pods' range ${var.pod_cidr} has a /24 for ${min(400, pow(2, 24 - split("/", var.pod_cidr)[1]))} nodes; nodes_max + nodes_surge of all node pools is more."
  }
