resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "public-${var.name}" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  route_table_id = aws_route_table.public.id
  subnet_id      = each.value.id
}

# One per zone, so that each zone can have its own NAT gateway, now or later.
resource "aws_route_table" "nodes" {
  for_each = var.node_subnets

  vpc_id = aws_vpc.this.id

  tags = { Name = "${each.key}-${var.name}" }
}

resource "aws_route" "nat" {
  for_each = aws_route_table.nodes

  route_table_id         = each.value.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_subnets[each.key]].id
}

resource "aws_route_table_association" "nodes" {
  for_each = aws_subnet.nodes

  route_table_id = aws_route_table.nodes[each.key].id
  subnet_id      = each.value.id
}
