locals {
  # EKS's notation for taints of kubectl.
  taint_effects = {
    NoExecute        = "NO_EXECUTE"
    NoSchedule       = "NO_SCHEDULE"
    PreferNoSchedule = "PREFER_NO_SCHEDULE"
  }
}

# Settings that a node group lacks. A change is rolled out node by node.
resource "aws_launch_template" "pools" {
  for_each = var.pools

  name = "eks-${each.key}-${var.name}"

  # EKS adds the part that joins the node to its cluster.
  # https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-user-data
  user_data = each.value.pods_per_node == null ? null : base64encode(join("\n", [
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=\"NODE\"",
    "",
    "--NODE",
    "Content-Type: application/node.eks.aws",
    "",
    "apiVersion: node.eks.aws/v1alpha1",
    "kind: NodeConfig",
    "spec:",
    "  kubelet:",
    "    config:",
    "      maxPods: ${each.value.pods_per_node}",
    "--NODE--",
    "",
  ]))

  block_device_mappings {
    # Root disk of Amazon Linux.
    device_name = "/dev/xvda"

    ebs {
      delete_on_termination = true
      encrypted             = true
      volume_size           = each.value.disk_size
      volume_type           = "gp3"
    }
  }

  # Sessions and one hop only: pods cannot read the credentials of their node.
  # https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
  metadata_options {
    http_endpoint               = "enabled"
    http_put_response_hop_limit = 1
    http_tokens                 = "required"
  }

  # The provider's default tags do not apply to instances of the node group.
  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(var.tags, { Name = "eks-${each.key}-${var.name}" })
    }
  }
}
