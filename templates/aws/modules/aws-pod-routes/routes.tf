# The nodes' route table, which routes to a NAT gateway and to the Kurrent network.
resource "aws_route_table_association" "pods" {
  for_each = var.pod_subnet_ids

  route_table_id = var.route_table_ids[each.key]
  subnet_id      = each.value
}
