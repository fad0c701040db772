# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "public-${var.name}" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "nodes" {
  for_each = aws_subnet.nodes

  route_table_id = aws_route_table.public.id
  subnet_id      = each.value.id
}
