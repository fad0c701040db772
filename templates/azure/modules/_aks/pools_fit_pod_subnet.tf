  # A node allocates 16 addresses at a time, and 16 more below 8 free ones. An upgrade adds no Spot
  # node.
  validation {
    condition = sum(concat(
      [(var.settings.nodes_max + var.settings.nodes_surge) * 16 * ceil((var.settings.pods_per_node + 8) / 16)],
      [for pool in values(var.pools) : (pool.nodes_max + (pool.spot ? 0 : pool.nodes_surge)) * 16 * ceil((pool.pods_per_node + 8) / 16)],
    )) + 5 <= pow(2, 32 - split("/", var.pod_subnet_cidr)[1])
    error_message = "The pod subnet ${var.pod_subnet_cidr} is too small for the pods of the nodes_max + nodes_surge nodes of all node pools: a node allocates addresses in batches of 16 and keeps 8 in reserve."
  }
