  # Azure reserves five addresses of a subnet.
  validation {
    condition     = var.settings.nodes_max + var.settings.nodes_surge + 5 <= pow(2, 32 - split("/", var.node_subnet_cidr)[1])
    error_message = "The node subnet ${var.node_subnet_cidr} is too small for nodes_max + nodes_surge + 5 addresses."
  }
