provider "aws" {
  region = "eu-central-1"
}

variable "org" {
  type    = string
  default = "acme"
}

locals {
  plan    = yamldecode(file("${path.module}/plan.yaml"))
  hosts   = csvdecode(file("${path.module}/hosts.csv"))
  limits  = jsondecode(file("${path.module}/limits.json"))
  common  = { org = var.org, managed = "terraform" }
  regions = { for r in local.plan.regions : r.name => r }
  rules = merge([
    for name, region in local.regions : {
      for port in region.ports : "${name}-${port}" => { region = name, port = port }
    }
  ]...)
  matrix = { for p in setproduct(keys(local.regions), ["audit", "app"]) : "${p[0]}/${p[1]}" => { region = p[0], kind = p[1] } }
  queues = { for h in local.hosts : h.host => tonumber(h.delay) if h.enabled == "true" }
}

module "region" {
  source   = "../modules/region"
  for_each = local.regions

  name  = each.key
  cidr  = each.value.cidr
  zones = each.value.zones
  tags  = merge(local.common, try(each.value.tags, {}))
}

resource "aws_security_group" "nodes" {
  name        = "nodes"
  description = "nodes of ${var.org}"
  vpc_id      = module.region["eu"].vpc_id

  dynamic "ingress" {
    for_each = local.rules
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [module.region[ingress.value.region].cidr]
    }
  }
}

resource "aws_cloudwatch_log_group" "matrix" {
  for_each = local.matrix

  name              = "/${var.org}/${each.key}"
  retention_in_days = lookup(local.limits.retention, each.value.kind, 7)
}

resource "aws_sqs_queue" "hosts" {
  for_each = local.queues

  name          = each.key
  delay_seconds = each.value
}

resource "aws_ssm_parameter" "zipped" {
  for_each = zipmap(local.limits.names, local.limits.values)

  name  = "/${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_iam_role" "boot" {
  name               = "boot"
  assume_role_policy = templatefile("${path.module}/trust.tftpl", { services = local.plan.services, org = var.org })
}

output "subnets" {
  value = flatten([for r in module.region : r.subnets])
}
