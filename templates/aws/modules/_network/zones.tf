data "aws_availability_zones" "available" {
  state = "available"

  # EKS creates no clusters in these.
  # https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
  exclude_zone_ids = ["cac1-az3", "use1-az3", "usw1-az2"]

  # Excludes local and wavelength zones.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  #checkov:skip=CKV_AWS_394:A subnet stays in its zone when this list changes; the variable zones pins the zones from the start.
}

locals {
  node_subnet_names = sort(keys(var.node_subnets))
  zones             = coalescelist(var.zones, data.aws_availability_zones.available.names)
}
