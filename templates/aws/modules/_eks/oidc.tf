# Service accounts get roles by this issuer (IRSA) where Pod Identity does not serve.
# https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
resource "aws_iam_openid_connect_provider" "this" {
  count = var.settings.oidc_provider ? 1 : 0

  client_id_list = ["sts.amazonaws.com"]
  url            = aws_eks_cluster.this.identity[0].oidc[0].issuer
}
