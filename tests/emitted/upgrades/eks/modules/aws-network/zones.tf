# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:A subnet keeps the zone that it was made in, whatever this list becomes; the variable zones names them from the start.
  state = "available"

  # EKS makes no cluster in these.
  # https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
  exclude_zone_ids = ["cac1-az3", "use1-az3", "usw1-az2"]

  # Leaves out local and wavelength zones.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  node_subnet_names = sort(keys(var.node_subnets))
  zones             = coalescelist(var.zones, data.aws_availability_zones.available.names)
}
