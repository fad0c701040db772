mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws-cn:iam::123456789012:role/mock"
    }
  }
}

variables {
  cluster_name = "prod"
  name         = "prod"
  region       = "cn-north-1"
}

run "the_autoscaler_scales_the_groups_of_its_cluster_alone" {
  module {
    source = "../../modules/eks-cluster-autoscaler"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition.StringEquals
      if contains(statement.Action, "autoscaling:SetDesiredCapacity")
      ] == [{
        "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled" = "true"
        "aws:ResourceTag/k8s.io/cluster-autoscaler/prod"    = "owned"
    }]
    error_message = "The autoscaler can scale groups of other clusters."
  }

  assert {
    condition     = startswith(jsondecode(aws_iam_role_policy.this.policy).Statement[1].Resource, "arn:aws-cn:autoscaling:cn-north-1:")
    error_message = "The groups are of another partition."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[2].Resource == "arn:aws-cn:eks:cn-north-1:*:nodegroup/prod/*"
    error_message = "The autoscaler can describe node groups of other clusters."
  }

  # Keys of https://github.com/kubernetes/autoscaler/blob/master/charts/cluster-autoscaler/values.yaml
  assert {
    condition = yamldecode(output.helm_values) == {
      autoDiscovery = { clusterName = "prod" }
      awsRegion     = "cn-north-1"
      extraArgs     = { balance-similar-node-groups = true }
      rbac          = { serviceAccount = { name = "cluster-autoscaler" } }
    }
    error_message = "The chart would scale another cluster, or run as another service account."
  }

  assert {
    condition = aws_eks_pod_identity_association.this.role_arn == aws_iam_role.this.arn && output.service_account == {
      namespace = "kube-system"
      name      = "cluster-autoscaler"
    }
    error_message = "The service account of the documented Helm values has no role."
  }
}
