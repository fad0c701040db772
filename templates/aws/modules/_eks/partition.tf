locals {
  # China and GovCloud have other ARNs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
  partition = startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : "aws"
}
