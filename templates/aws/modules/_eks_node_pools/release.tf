locals {
  # Processor types of pools that use the newest release of their image.
  latest = {
    for name, pool in var.pools : name => endswith(pool.ami_type, "_ARM_64_STANDARD") ? "arm64" : "x86_64"
    if pool.ami_release == "latest"
  }
}

# https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
data "aws_ssm_parameter" "release" {
  for_each = local.latest

  name = "/aws/service/eks/optimized-ami/${var.cluster.version}/amazon-linux-2023/${each.value}/standard/recommended/release_version"
}
