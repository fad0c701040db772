# Looked up in the nodes' zone: a subnet with this range in another zone serves no pod.
data "aws_subnet" "pods" {
  for_each = var.pod_subnets

  vpc_id            = var.vpc_id
  cidr_block        = each.value
  availability_zone = var.zones[each.key]
}
