locals {
  # Versions by name; without one, EKS's default for the cluster's Kubernetes version.
  named = { for addon in var.addons : split("@", addon)[0] => try(split("@", addon)[1], null) }

  # Pods get a role from the agent.
  agent  = length(setintersection(keys(local.named), keys(local.roles))) > 0 ? ["eks-pod-identity-agent"] : []
  wanted = merge({ for name in setunion(local.agent, var.needed) : name => null }, local.named)
  addons = { for name, version in local.wanted : name => version if contains(var.only, name) }
}

# https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html
data "aws_eks_addon_version" "default" {
  for_each = toset([for name, version in local.addons : name if version == null])

  addon_name         = each.key
  kubernetes_version = var.cluster.version
}

resource "aws_eks_addon" "this" {
  for_each = local.addons

  cluster_name         = var.cluster.id
  addon_name           = each.key
  addon_version        = each.value == null ? data.aws_eks_addon_version.default[each.key].version : each.value
  configuration_values = lookup(var.configuration, each.key, null)

  # A new cluster already has some of them. Changes made in the cluster are kept.
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "PRESERVE"

  # An add-on removed from the list stays in the cluster, unmanaged.
  preserve = true

  dynamic "pod_identity_association" {
    for_each = contains(keys(local.roles), each.key) ? [local.roles[each.key]] : []

    content {
      role_arn        = aws_iam_role.addon[each.key].arn
      service_account = pod_identity_association.value.service_account
    }
  }

  depends_on = [aws_iam_role_policy_attachment.addon]
}
