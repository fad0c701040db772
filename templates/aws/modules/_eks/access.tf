# The cluster's creator is an administrator already, and EKS refuses a second entry.
# https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
locals {
  access_policies = merge(
    { for arn in var.settings.viewer_arns : arn => "AmazonEKSAdminViewPolicy" },
    { for arn in var.settings.admin_arns : arn => "AmazonEKSClusterAdminPolicy" },
  )
}

resource "aws_eks_access_entry" "this" {
  for_each = local.access_policies

  cluster_name  = aws_eks_cluster.this.id
  principal_arn = each.key
}

resource "aws_eks_access_policy_association" "this" {
  for_each = local.access_policies

  cluster_name  = aws_eks_cluster.this.id
  principal_arn = aws_eks_access_entry.this[each.key].principal_arn
  policy_arn    = "arn:${local.partition}:eks::aws:cluster-access-policy/${each.value}"

  access_scope {
    type = "cluster"
  }
}
