  # Nodes are upgraded after the control plane, one at a time. Without a release, EKS uses the
  # newest one for this version.
  version         = var.cluster.version
  release_version = var.settings.ami_release == "latest" ? nonsensitive(data.aws_ssm_parameter.release[0].value) : var.settings.ami_release
