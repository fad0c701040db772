# The provider depends only on the cluster.

mock_provider "aws" {}

variables {
  cluster_id      = "arn:aws:eks:eu-central-1:123456789012:cluster/prod"
  oidc_issuer_url = "https://oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
}

run "sts_takes_the_issuer_s_tokens" {
  module {
    source = "../../modules/eks-irsa"
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this.client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The audience is not the one that EKS writes into tokens."
  }

  assert {
    condition     = output.issuer == "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
    error_message = "The issuer has another form than the conditions of a trust policy need."
  }
}

run "a_change_of_the_cluster_leaves_it_alone" {
  module {
    source = "../../modules/eks-irsa"
  }

  variables {
    oidc_issuer_url = "https://oidc.eks.eu-central-1.amazonaws.com/id/FEDCBA9876543210"
  }

  assert {
    condition     = endswith(aws_iam_openid_connect_provider.this.url, "/0123456789ABCDEF")
    error_message = "The provider is replaced if computed values of the cluster change."
  }
}

run "another_cluster_gets_another_one" {
  module {
    source = "../../modules/eks-irsa"
  }

  variables {
    cluster_id      = "arn:aws:eks:eu-central-1:123456789012:cluster/green"
    oidc_issuer_url = "https://oidc.eks.eu-central-1.amazonaws.com/id/FEDCBA9876543210"
  }

  assert {
    condition     = endswith(aws_iam_openid_connect_provider.this.url, "/FEDCBA9876543210")
    error_message = "The provider is still that of the other cluster."
  }
}
