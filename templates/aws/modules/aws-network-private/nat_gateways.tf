resource "aws_eip" "nat" {
  for_each = toset(values(var.nat_subnets))

  domain = "vpc"

  tags = { Name = "nat-${each.key}-${var.name}" }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(values(var.nat_subnets))

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = { Name = "${each.key}-${var.name}" }

  # A NAT gateway needs the route to the internet gateway.
  depends_on = [aws_route.internet]
}
