# In the zone of their nodes: one that is there with this range but in another zone serves no pod, and is not found.
data "aws_subnet" "pods" {
  for_each = var.pod_subnets

  vpc_id            = var.vpc_id
  cidr_block        = each.value
  availability_zone = var.zones[each.key]
}
