  # Nodes follow the control plane, a node at a time. Without a release, EKS takes its newest one for this version.
  version         = var.cluster.version
  release_version = var.settings.ami_release == "latest" ? nonsensitive(data.aws_ssm_parameter.release[0].value) : var.settings.ami_release
