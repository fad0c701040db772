  # A node's block has at least twice as many addresses as the max_pods_per_node of its pool.
  validation {
    condition = sum(concat(
      [(var.settings.nodes_max + var.settings.nodes_surge) * pow(2, ceil(log(2 * var.settings.max_pods_per_node, 2)))],
      [for pool in values(var.pools) : (pool.nodes_max + pool.nodes_surge) * pow(2, ceil(log(2 * pool.max_pods_per_node, 2)))],
    )) <= pow(2, 32 - split("/", var.pods_cidr)[1])
    error_message = "The pods' range ${var.pods_cidr} is too small for the blocks of the nodes_max + nodes_surge nodes of all node pools."
  }
