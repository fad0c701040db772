provider "aws" {
  region = "eu-west-1"
}

locals {
  settings = yamldecode(file("${path.module}/cluster.yaml"))
  name     = "${local.settings.team}-${terraform.workspace}"
  pools    = { for pool in local.settings.pools : pool.name => pool }
  addons   = jsondecode(file("${path.module}/addons.json"))
  log_types = compact([
    var.audit ? "audit" : "",
    "api",
    "authenticator",
  ])
}

variable "audit" {
  type    = bool
  default = true
}

variable "subnet_ids" {
  type    = list(string)
  default = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
}

variable "service_cidr" {
  type    = string
  default = "10.100.0.0/16"
}

variable "key_arn" {
  type    = string
  default = null
}

variable "release" {
  type    = string
  default = "1.31"
}

resource "aws_iam_role" "cluster" {
  name = "${local.name}-cluster"
  path = "/platform/"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "eks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  for_each = toset([
    "AmazonEKSClusterPolicy",
    "AmazonEKSVPCResourceController",
  ])

  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_kms_key" "cluster" {
  count = var.key_arn == null ? 1 : 0

  description             = "Secrets of ${local.name}"
  deletion_window_in_days = 7
  enable_key_rotation     = true
}

resource "aws_kms_alias" "cluster" {
  count = var.key_arn == null ? 1 : 0

  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.cluster[0].key_id
}

resource "aws_cloudwatch_log_group" "cluster" {
  name              = "/aws/eks/${local.name}/cluster"
  retention_in_days = try(local.settings.logs.days, 7)
}

resource "aws_security_group" "cluster" {
  name_prefix = "${local.name}-"
  description = "Control plane"
  vpc_id      = "vpc-0c0c0c0c0c0c0c0c0"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_eks_cluster" "this" {
  name                          = local.name
  role_arn                      = aws_iam_role.cluster.arn
  version                       = var.release
  enabled_cluster_log_types     = local.log_types
  bootstrap_self_managed_addons = false

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }

  vpc_config {
    subnet_ids              = var.subnet_ids
    security_group_ids      = [aws_security_group.cluster.id]
    endpoint_private_access = true
    endpoint_public_access  = local.settings.public
    public_access_cidrs     = local.settings.public ? local.settings.allowed : null
  }

  kubernetes_network_config {
    service_ipv4_cidr = var.service_cidr
    ip_family         = "ipv4"
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = coalesce(var.key_arn, one(aws_kms_key.cluster[*].arn))
    }
  }

  upgrade_policy {
    support_type = "STANDARD"
  }

  depends_on = [
    aws_cloudwatch_log_group.cluster,
    aws_iam_role_policy_attachment.cluster,
  ]
}

module "nodes" {
  source   = "../modules/nodes"
  for_each = local.pools

  cluster    = aws_eks_cluster.this.name
  name       = each.key
  subnet_ids = var.subnet_ids
  release    = aws_eks_cluster.this.version
  type       = try(each.value.type, "m6i.large")
  size       = each.value.size
  labels     = lookup(each.value, "labels", {})
  taints     = try(each.value.taints, [])
  spot       = try(each.value.spot, false)
  endpoint   = aws_eks_cluster.this.endpoint
}

resource "aws_eks_addon" "this" {
  for_each = { for addon in local.addons : addon.name => addon if addon.enabled }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = each.value.version
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "PRESERVE"
  configuration_values        = try(jsonencode(each.value.configuration), null)

  depends_on = [module.nodes]
}

resource "aws_iam_openid_connect_provider" "this" {
  url             = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
}

resource "aws_eks_access_entry" "admins" {
  for_each = toset(local.settings.admins)

  cluster_name      = aws_eks_cluster.this.name
  principal_arn     = each.value
  kubernetes_groups = ["admins"]
  type              = "STANDARD"
}

resource "aws_eks_access_policy_association" "admins" {
  for_each = aws_eks_access_entry.admins

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}

data "aws_iam_policy_document" "autoscaler" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.this.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${replace(aws_iam_openid_connect_provider.this.url, "https://", "")}:sub"
      values   = ["system:serviceaccount:kube-system:autoscaler"]
    }
  }
}

resource "aws_iam_role" "autoscaler" {
  name               = "${local.name}-autoscaler"
  assume_role_policy = data.aws_iam_policy_document.autoscaler.json
}

moved {
  from = aws_iam_role.scaler
  to   = aws_iam_role.autoscaler
}
