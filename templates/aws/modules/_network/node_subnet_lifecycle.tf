  lifecycle {
    # A zone that AWS adds or closes shifts the list and would replace subnets in use.
    ignore_changes = [availability_zone]

    precondition {
      condition     = length(var.node_subnets) <= length(local.zones)
      error_message = "Each node subnet needs a separate zone, and the region has ${length(local.zones)}: remove nodes-N ranges."
    }

    precondition {
      condition     = length(setsubtract(var.zones, data.aws_availability_zones.available.names)) == 0
      error_message = "EKS is available in ${join(", ", data.aws_availability_zones.available.names)}, but not in all of ${join(", ", var.zones)}."
    }
  }
