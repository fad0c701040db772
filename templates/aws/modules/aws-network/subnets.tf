data "aws_availability_zones" "available" {
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
}

resource "aws_subnet" "nodes" {
  for_each = var.node_subnets

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = data.aws_availability_zones.available.names[index(local.node_subnet_names, each.key)]

  # A public node without a public address never joins its cluster.
  map_public_ip_on_launch = true

  tags = {
    Name                     = "${each.key}-${var.name}"
    "kubernetes.io/role/elb" = "1"
  }

  lifecycle {
    # A zone that AWS adds or closes shifts the list, and would replace subnets in use.
    ignore_changes = [availability_zone]

    precondition {
      condition     = length(var.node_subnets) <= length(data.aws_availability_zones.available.names)
      error_message = "Each node subnet takes a zone of its own, and the region has ${length(data.aws_availability_zones.available.names)}: ask for fewer nodes-N ranges."
    }
  }
}
