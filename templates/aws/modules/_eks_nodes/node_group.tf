  # The id equals the name but is unknown while a new cluster is created, so the nodes are deleted before the old one.
  cluster_name   = var.cluster.id
  node_role_arn  = var.cluster.node_role_arn
  subnet_ids     = var.subnet_ids
  ami_type       = var.settings.ami_type
  instance_types = var.settings.instance_types

  launch_template {
    id      = var.cluster.launch_template.id
    version = var.cluster.launch_template.version
  }
