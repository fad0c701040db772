  name     = var.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.settings.version

  enabled_cluster_log_types = var.settings.log_types

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }

  kubernetes_network_config {
    service_ipv4_cidr = var.service_cidr
  }

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    public_access_cidrs     = var.settings.endpoint_access_ranges
  }
