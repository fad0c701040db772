# Found by their ranges instead of ids: a subnet that is missing or has another range fails the plan.
data "aws_subnet" "nodes" {
  for_each = var.node_subnets

  vpc_id     = var.vpc_id
  cidr_block = each.value
}

locals {
  node_subnet_zones = { for name, subnet in data.aws_subnet.nodes : name => subnet.availability_zone }

  # EKS creates no clusters in these.
  # https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
  refused_zones = setintersection(
    ["cac1-az3", "use1-az3", "usw1-az2"],
    [for subnet in data.aws_subnet.nodes : subnet.availability_zone_id],
  )
}
