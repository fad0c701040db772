locals {
  architecture = endswith(var.settings.ami_type, "_ARM_64_STANDARD") ? "arm64" : "x86_64"
}

# https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
data "aws_ssm_parameter" "release" {
  count = var.settings.ami_release == "latest" ? 1 : 0

  name = "/aws/service/eks/optimized-ami/${var.cluster.version}/amazon-linux-2023/${local.architecture}/standard/recommended/release_version"
}
