  validation {
    condition     = alltrue([for zone in var.settings.zones : startswith(zone, "${var.region}-")])
    error_message = "The zones must be of ${var.region}, such as ${var.region}-b."
  }

  # Google reserves four addresses of the subnet, and the control plane uses one.
  validation {
    condition     = var.settings.nodes_max + var.settings.nodes_surge + 5 <= pow(2, 32 - split("/", var.nodes_cidr)[1])
    error_message = "The subnet ${var.nodes_cidr} is too small for nodes_max + nodes_surge + 5 addresses."
  }
