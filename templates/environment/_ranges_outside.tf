locals {
  # A range lies in another when it is at least as long and, cut to the other's
  # length, is the other.
  ranges_outside = [
    for name, cidr in var.ranges : "${name} (${cidr})" if !anytrue([
      for outer in local.network_ranges :
      tonumber(split("/", cidr)[1]) >= tonumber(split("/", outer)[1])
      && cidrsubnet("${split("/", cidr)[0]}/${split("/", outer)[1]}", 0, 0) == outer
    ])
  ]
}
