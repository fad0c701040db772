# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# AWS adds no route by itself. Through the accepter's id, because a route to a
# connection that nobody has accepted yet leads nowhere.
resource "aws_route" "kurrent" {
  for_each = var.route_table_ids

  route_table_id            = each.value
  destination_cidr_block    = var.kurrent_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.this.id
}
