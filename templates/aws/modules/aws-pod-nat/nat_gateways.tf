resource "aws_eip" "nat" {
  for_each = var.public_subnet_ids

  domain = "vpc"

  tags = { Name = "nat-${each.key}-${var.name}" }
}

# One per zone: a failing zone does not disconnect pods of another.
resource "aws_nat_gateway" "this" {
  for_each = var.public_subnet_ids

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = each.value

  tags = { Name = "${each.key}-${var.name}" }
}
