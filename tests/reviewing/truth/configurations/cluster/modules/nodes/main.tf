variable "cluster" {
  type = string
}

variable "name" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "release" {
  type = string
}

variable "endpoint" {
  type = string
}

variable "type" {
  type = string
}

variable "size" {
  type = number
}

variable "spot" {
  type    = bool
  default = false
}

variable "disk" {
  type    = number
  default = 50
}

variable "labels" {
  type    = map(string)
  default = {}
}

variable "taints" {
  type    = list(map(string))
  default = []
}

locals {
  user_data = templatefile("${path.module}/user-data.tftpl", {
    name   = var.name
    labels = var.labels
    limit  = 110
  })
}

resource "aws_iam_role" "nodes" {
  name = "${var.cluster}-${var.name}-nodes"

  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
      ]
    }
  EOT
}

resource "aws_iam_role_policy_attachment" "nodes" {
  count = length(local.policies)

  role       = aws_iam_role.nodes.name
  policy_arn = local.policies[count.index]
}

locals {
  policies = [
    "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
  ]
}

resource "aws_launch_template" "nodes" {
  name                   = "${var.cluster}-${var.name}"
  update_default_version = true
  user_data              = base64encode(local.user_data)

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = var.disk
      volume_type = "gp3"
      encrypted   = true
    }
  }

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  tag_specifications {
    resource_type = "instance"

    tags = {
      Name = var.name
    }
  }
}

resource "aws_eks_node_group" "this" {
  cluster_name    = var.cluster
  node_group_name = var.name
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids
  version         = var.release
  capacity_type   = var.spot ? "SPOT" : "ON_DEMAND"
  instance_types  = [var.type]
  ami_type        = "AL2023_x86_64_STANDARD"
  labels          = var.labels

  launch_template {
    id      = aws_launch_template.nodes.id
    version = aws_launch_template.nodes.latest_version
  }

  scaling_config {
    min_size     = 1
    desired_size = var.size
    max_size     = var.size * 2
  }

  update_config {
    max_unavailable = 1
  }

  dynamic "taint" {
    for_each = var.taints
    content {
      key    = taint.value.key
      value  = taint.value["value"]
      effect = taint.value.effect
    }
  }

  lifecycle {
    ignore_changes        = [scaling_config[0].desired_size]
    create_before_destroy = true
    replace_triggered_by  = [aws_iam_role.nodes]
  }

  depends_on = [aws_iam_role_policy_attachment.nodes]
}

output "role_arn" {
  value = aws_iam_role.nodes.arn
}
