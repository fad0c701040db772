# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "aws_eks_node_group" "this" {
  # The id, which is the name: it alone is unknown while a new cluster is made, so that the nodes go before the old one.
  cluster_name    = aws_eks_cluster.this.id
  node_group_name = "nodes"
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids
  ami_type        = var.settings.ami_type
  instance_types  = var.settings.instance_types

  launch_template {
    id      = aws_launch_template.nodes.id
    version = aws_launch_template.nodes.latest_version
  }

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

  # Without their policies nodes do not join, and pods get no addresses.
  depends_on = [aws_iam_role_policy_attachment.nodes]
}
