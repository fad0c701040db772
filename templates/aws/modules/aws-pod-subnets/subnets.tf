# A CIDR block of the VPC for each range, so that one more zone leaves the others alone.
resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  for_each = var.pod_subnets

  vpc_id     = var.vpc_id
  cidr_block = each.value
}

# They stay in the VPC's main route table, which leads nowhere but to the VPC and its peerings.
resource "aws_subnet" "pods" {
  for_each = aws_vpc_ipv4_cidr_block_association.pods

  # From the association: AWS makes no subnet in a block that the VPC does not have yet.
  vpc_id            = each.value.vpc_id
  cidr_block        = each.value.cidr_block
  availability_zone = var.zones[each.key]

  tags = { Name = "${each.key}-${var.name}" }
}
