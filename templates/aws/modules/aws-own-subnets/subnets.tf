# Subnets use the VPC's main route table, which routes only to the VPC and its peerings.
resource "aws_subnet" "own" {
  for_each = var.subnets

  vpc_id     = var.vpc_id
  cidr_block = each.value

  # In the zone of the nodes with the same number: data-2 with nodes-2.
  availability_zone = try(var.zones["nodes-${regex("[0-9]+$", each.key)}"], values(var.zones)[0])

  tags = { Name = "${each.key}-${var.name}" }

  lifecycle {
    # A subnet keeps the zone that it was created in: more or fewer node subnets move nothing.
    ignore_changes = [availability_zone]
  }
}
