locals {
  # A range is inside another if its prefix is at least as long, and equal when cut to the other's
  # length.
  ranges_outside = [
    for name, cidr in var.ranges : "${name} (${cidr})" if !anytrue([
      for outer in local.network_ranges :
      tonumber(split("/", cidr)[1]) >= tonumber(split("/", outer)[1])
      && cidrsubnet("${split("/", cidr)[0]}/${split("/", outer)[1]}", 0, 0) == outer
    ])
  ]
}
