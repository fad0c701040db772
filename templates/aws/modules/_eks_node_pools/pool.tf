  node_group_name_prefix = "${each.key}-"

  # The id equals the name but is unknown while a new cluster is created, so the nodes are deleted before the old one.
  cluster_name   = var.cluster.id
  node_role_arn  = var.cluster.node_role_arn
  subnet_ids     = [for name, id in var.subnet_ids : id if length(each.value.zones) == 0 || contains(each.value.zones, trimprefix(name, "nodes-"))]
  ami_type       = each.value.ami_type
  capacity_type  = each.value.spot ? "SPOT" : "ON_DEMAND"
  instance_types = each.value.instance_types
  labels         = each.value.labels

  # Nodes are upgraded after the control plane, one at a time. Without a release, EKS uses the
  # newest one for this version.
  version         = var.cluster.version
  release_version = contains(keys(local.latest), each.key) ? nonsensitive(data.aws_ssm_parameter.release[each.key].value) : each.value.ami_release

  launch_template {
    id      = aws_launch_template.pools[each.key].id
    version = aws_launch_template.pools[each.key].latest_version
  }

  # Such as dedicated=batch:NoSchedule.
  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = split("=", taint.value)[0]
      value  = split(":", split("=", taint.value)[1])[0]
      effect = local.taint_effects[split(":", taint.value)[1]]
    }
  }

  update_config {
    max_unavailable = 1
  }
