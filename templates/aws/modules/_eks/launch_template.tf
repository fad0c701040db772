# Settings that a node group lacks. A change is rolled out node by node.
resource "aws_launch_template" "nodes" {
  name = "eks-nodes-${var.name}"

  block_device_mappings {
    # Root disk of Amazon Linux.
    device_name = "/dev/xvda"

    ebs {
      delete_on_termination = true
      encrypted             = true
      volume_size           = var.settings.disk_size
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
      tags          = merge(var.tags, { Name = "eks-${var.name}" })
    }
  }
}
