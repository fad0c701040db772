# One CIDR block of the VPC per range, so that a new zone does not change the others.
resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  for_each = var.pod_subnets

  vpc_id     = var.vpc_id
  cidr_block = each.value
}

# Subnets use the VPC's main route table, which routes only to the VPC and its peerings.
resource "aws_subnet" "pods" {
  for_each = aws_vpc_ipv4_cidr_block_association.pods

  # From the association: AWS needs the block before the subnet.
  vpc_id            = each.value.vpc_id
  cidr_block        = each.value.cidr_block
  availability_zone = var.zones[each.key]

  tags = { Name = "${each.key}-${var.name}" }
}
