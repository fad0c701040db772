# AWS adds no route for a peering. The accepter's id delays the route until the connection
# is accepted; before that it is a black hole.
resource "aws_route" "kurrent" {
  for_each = var.route_table_ids

  route_table_id            = each.value
  destination_cidr_block    = var.kurrent_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.this.id
}
