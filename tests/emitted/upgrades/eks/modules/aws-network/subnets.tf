# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "aws_subnet" "nodes" {
  #checkov:skip=CKV_AWS_130:Public nodes, as in the guide of Kurrent Cloud: without a public address they never join. The option nat makes them private.
  for_each = var.node_subnets

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = local.zones[index(local.node_subnet_names, each.key)]

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
      condition     = length(var.node_subnets) <= length(local.zones)
      error_message = "Each node subnet takes a zone of its own, and there are ${length(local.zones)}: ask for fewer nodes-N ranges."
    }

    precondition {
      condition     = length(setsubtract(var.zones, data.aws_availability_zones.available.names)) == 0
      error_message = "EKS runs in ${join(", ", data.aws_availability_zones.available.names)} here, and not in all of ${join(", ", var.zones)}."
    }
  }
}
