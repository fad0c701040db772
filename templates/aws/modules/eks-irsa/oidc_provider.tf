# Every cluster has its own issuer, even one with the same name.
resource "terraform_data" "cluster" {
  input = var.cluster_id
}

# AWS verifies the certificate of the issuer, so no thumbprint is needed.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
resource "aws_iam_openid_connect_provider" "this" {
  url            = var.oidc_issuer_url
  client_id_list = ["sts.amazonaws.com"]

  lifecycle {
    # The issuer of a cluster never changes, but a change of the cluster can make it unknown until
    # apply.
    ignore_changes       = [url]
    replace_triggered_by = [terraform_data.cluster]
  }
}
