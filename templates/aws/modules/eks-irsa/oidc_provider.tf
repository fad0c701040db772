# Another cluster, also one of the same name, has another issuer.
resource "terraform_data" "cluster" {
  input = var.cluster_id
}

# AWS reads the certificate of the issuer itself, so that there is no thumbprint to keep.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
resource "aws_iam_openid_connect_provider" "this" {
  url            = var.oidc_issuer_url
  client_id_list = ["sts.amazonaws.com"]

  lifecycle {
    # A cluster keeps its issuer, which a change of the cluster may show as unknown until it is applied.
    ignore_changes       = [url]
    replace_triggered_by = [terraform_data.cluster]
  }
}
