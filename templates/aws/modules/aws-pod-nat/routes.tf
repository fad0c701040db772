resource "aws_route_table" "pods" {
  for_each = var.pod_subnet_ids

  vpc_id = var.vpc_id

  tags = { Name = "${each.key}-${var.name}" }
}

# To a NAT gateway, because pods have no public address for an internet gateway.
resource "aws_route" "internet" {
  for_each = aws_route_table.pods

  route_table_id         = each.value.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}

resource "aws_route_table_association" "pods" {
  for_each = aws_route_table.pods

  route_table_id = each.value.id
  subnet_id      = var.pod_subnet_ids[each.key]
}
