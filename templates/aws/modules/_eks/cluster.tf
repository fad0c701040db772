  name     = var.cluster_name
  role_arn = aws_iam_role.cluster.arn
  version  = var.settings.version

{% if auto_mode is defined %}
  # Auto Mode includes these components.
  bootstrap_self_managed_addons = false

{% endif %}
  enabled_cluster_log_types = var.settings.log_types

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }

  dynamic "encryption_config" {
    for_each = var.settings.secrets_key_arn[*]

    content {
      resources = ["secrets"]

      provider {
        key_arn = encryption_config.value
      }
    }
  }

{% if auto_mode is defined %}
  # All three or none: EKS refuses any other.
  compute_config {
    enabled       = true
    node_pools    = ["general-purpose", "system"]
    node_role_arn = aws_iam_role.nodes.arn
  }

  storage_config {
    block_storage {
      enabled = true
    }
  }

{% endif %}
  kubernetes_network_config {
    service_ipv4_cidr = var.service_cidr
{% if auto_mode is defined %}

    elastic_load_balancing {
      enabled = true
    }
{% endif %}
  }

  # Nodes use the private endpoint. The public one is open to all addresses until you set ranges.
  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = length(var.settings.endpoint_access_ranges) > 0

    # EKS keeps the ranges of a closed endpoint.
    public_access_cidrs = length(var.settings.endpoint_access_ranges) > 0 ? var.settings.endpoint_access_ranges : null
  }
