  # One address for each node and each of its pods; Azure reserves five of a subnet. An upgrade adds
  # no Spot node.
  validation {
    condition = sum(concat(
      [(var.settings.nodes_max + var.settings.nodes_surge) * (var.settings.pods_per_node + 1)],
      [for pool in values(var.pools) : (pool.nodes_max + (pool.spot ? 0 : pool.nodes_surge)) * (pool.pods_per_node + 1)],
    )) + 5 <= pow(2, 32 - split("/", var.node_subnet_cidr)[1])
    error_message = "The node subnet ${var.node_subnet_cidr} is too small for (nodes_max + nodes_surge) * (pods_per_node + 1) addresses of all node pools, and 5 more."
  }
