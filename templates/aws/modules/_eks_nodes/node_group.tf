  # The id, which is the name: it alone is unknown while a new cluster is made, so that the nodes go before the old one.
  cluster_name   = var.cluster.id
  node_role_arn  = var.cluster.node_role_arn
  subnet_ids     = var.subnet_ids
  ami_type       = var.settings.ami_type
  instance_types = var.settings.instance_types

  launch_template {
    id      = var.cluster.launch_template.id
    version = var.cluster.launch_template.version
  }
