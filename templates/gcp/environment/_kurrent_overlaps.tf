locals {
  # Two ranges overlap if they are equal when cut to the shorter prefix length.
  kurrent_overlaps = [
    for cidr in local.network_ranges : cidr
    if length(distinct([
      for block in [cidr, var.kurrent_cidr] :
      cidrsubnet("${split("/", block)[0]}/${min(split("/", cidr)[1], split("/", var.kurrent_cidr)[1])}", 0, 0)
    ])) == 1
  ]
}
