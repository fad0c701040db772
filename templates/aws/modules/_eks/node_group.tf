  # The id, which is the name: it alone is unknown while a new cluster is made, so that the nodes go before the old one.
  cluster_name    = aws_eks_cluster.this.id
  node_group_name = "nodes"
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids
  instance_types  = var.settings.instance_types
  disk_size       = var.settings.disk_size

  scaling_config {
    desired_size = var.settings.nodes_min
    max_size     = var.settings.nodes_max
    min_size     = var.settings.nodes_min
  }

  update_config {
    max_unavailable = 1
  }

  lifecycle {
    # An autoscaler moves it.
    ignore_changes = [scaling_config[0].desired_size]
  }
