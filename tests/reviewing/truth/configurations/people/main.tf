provider "aws" {
  region = "us-east-1"
}

variable "path" {
  type    = string
  default = "/people/"
}

variable "keys_for" {
  type    = list(string)
  default = ["deploy"]
}

variable "admins" {
  type    = list(string)
  default = ["ada", "grace"]
}

variable "boundary" {
  type    = string
  default = ""
}

variable "repositories" {
  type    = list(string)
  default = ["web", "api"]
}

locals {
  people  = { for row in csvdecode(file("${path.module}/people.csv")) : row.login => row }
  groups  = toset([for person in values(local.people) : person.group])
  members = { for name, person in local.people : person.group => name... }
  rights  = yamldecode(file("${path.module}/rights.yaml"))
  flat = flatten([
    for group, names in local.rights : [
      for name in names : { key = "${group}/${name}", group = group, name = name }
    ]
  ])
}

module "member" {
  source   = "./modules/member"
  for_each = local.people

  login    = each.key
  email    = each.value.email
  path     = var.path
  boundary = var.boundary != "" ? var.boundary : null
  is_admin = contains(var.admins, each.key)
}

resource "aws_iam_group" "this" {
  for_each = local.groups

  name = each.key
  path = var.path
}

resource "aws_iam_group_membership" "this" {
  for_each = local.members

  name  = "${each.key}-members"
  group = aws_iam_group.this[each.key].name
  users = [for name in each.value : module.member[name].name]
}

resource "aws_iam_group_policy_attachment" "this" {
  for_each = { for right in local.flat : right.key => right if contains(local.groups, right.group) }

  group      = aws_iam_group.this[each.value.group].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value.name}"
}

resource "aws_iam_user" "robots" {
  count = length(var.keys_for)

  name = "robot-${var.keys_for[count.index]}"
  path = "/robots/"
}

resource "aws_iam_access_key" "robots" {
  count = length(var.keys_for)

  user = aws_iam_user.robots[count.index].name
}

resource "aws_ecr_repository" "this" {
  for_each = toset(var.repositories)

  name                 = "example/${each.value}"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep ${local.kept}"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = local.kept }
      action       = { type = "expire" }
    }]
  })
}

locals {
  kept = 30
}

resource "aws_iam_policy" "read" {
  name        = "read-images"
  path        = var.path
  description = "Read images"
  policy      = data.aws_iam_policy_document.read.json
}

data "aws_iam_policy_document" "read" {
  dynamic "statement" {
    for_each = var.repositories
    content {
      sid       = title(statement.value)
      actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      resources = ["arn:aws:ecr:*:123456789012:repository/example/${statement.value}"]
    }
  }
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = 16
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
}

resource "aws_budgets_budget" "month" {
  name         = "month"
  budget_type  = "COST"
  limit_amount = "1000"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = [80, 100]
    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      notification_type          = notification.key == 0 ? "FORECASTED" : "ACTUAL"
      subscriber_email_addresses = ["money@example.com"]
    }
  }
}

resource "aws_cloudtrail" "this" {
  name                          = "all"
  s3_bucket_name                = aws_s3_bucket.trail.bucket
  include_global_service_events = true
  is_multi_region_trail         = true
  enable_log_file_validation    = true
}

resource "aws_s3_bucket" "trail" {
  bucket_prefix = "example-trail-"
}
