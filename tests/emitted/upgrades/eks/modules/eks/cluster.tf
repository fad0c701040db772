# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "aws_eks_cluster" "this" {
  #checkov:skip=CKV_AWS_37:Audit and access are logged; the setting log_types takes controllerManager and scheduler, too, which are long and for debugging.
  #checkov:skip=CKV_AWS_38:Nobody can guess your addresses: name them in endpoint_access_ranges. Whoever comes still needs an access entry.
  #checkov:skip=CKV_AWS_39:The guide's check runs kubectl from outside the VPC; an empty endpoint_access_ranges closes the public endpoint.
  #checkov:skip=CKV_AWS_58:EKS encrypts all API data with a key of its own since Kubernetes 1.28; secrets_key_arn takes one of yours, and that cannot be undone.
  #checkov:skip=CKV_AWS_339:EKS itself refuses a version that it does not run; without the setting version it takes its newest default one.
  name     = var.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.settings.version

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

  kubernetes_network_config {
    service_ipv4_cidr = var.service_cidr
  }

  # Nodes always take the private endpoint; the public one is for you, and open to all until you name your ranges.
  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = length(var.settings.endpoint_access_ranges) > 0

    # EKS goes on to keep ranges for an endpoint that is closed.
    public_access_cidrs = length(var.settings.endpoint_access_ranges) > 0 ? var.settings.endpoint_access_ranges : null
  }

  depends_on = [
    # Without its policies the cluster cannot be made, nor remove its network interfaces.
    aws_iam_role_policy_attachment.cluster,

    # EKS makes its log group by itself where there is none.
    aws_cloudwatch_log_group.cluster,
  ]
}
