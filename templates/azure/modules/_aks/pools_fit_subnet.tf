  # Azure reserves five addresses of a subnet. An upgrade adds no Spot node.
  validation {
    condition = sum(concat(
      [var.settings.nodes_max + var.settings.nodes_surge],
      [for pool in values(var.pools) : pool.nodes_max + (pool.spot ? 0 : pool.nodes_surge)],
    )) + 5 <= pow(2, 32 - split("/", var.node_subnet_cidr)[1])
    error_message = "The node subnet ${var.node_subnet_cidr} is too small for the nodes_max + nodes_surge of all node pools, and 5 addresses more."
  }
