# AWS adds no routes. The accepter's id makes the routes wait: a route to a
# connection that is not accepted drops packets.
resource "aws_route" "kurrent" {
  for_each = var.route_table_ids

  route_table_id            = each.value
  destination_cidr_block    = var.kurrent_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.this.id
}
