locals {
  # China and GovCloud have other ARNs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
  partition = startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : "aws"
}

locals {
  # https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
  roles = {
    aws-ebs-csi-driver = { policy = "service-role/AmazonEBSCSIDriverPolicy", service_account = "ebs-csi-controller-sa" }
  }
}

resource "aws_iam_role" "addon" {
  for_each = { for name, role in local.roles : name => role if contains(keys(local.addons), name) }

  name = "${each.key}-${var.name}-${var.region}"

  # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each = aws_iam_role.addon

  policy_arn = "arn:${local.partition}:iam::aws:policy/${local.roles[each.key].policy}"
  role       = each.value.name
}
