terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias                       = "west"
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "database" {
  type = object({
    name    = string
    port    = optional(number, 5432)
    engine  = optional(string, "postgres")
    storage = optional(object({ size = optional(number, 20), type = optional(string, "gp3") }), {})
    tags    = optional(map(string))
  })
  default = {
    name = "main"
  }
}

variable "zones" {
  type    = set(string)
  default = ["b", "a"]
}

variable "ids" {
  type    = list(string)
  default = [1, 2]
}

variable "size" {
  type    = number
  default = "3"
}

variable "label" {
  type     = string
  default  = "standard"
  nullable = false
}

variable "secret" {
  type      = string
  default   = "example-password"
  sensitive = true
}

variable "extra" {
  type = any
  default = {
    a = 1
    b = "two"
  }
}

variable "queues" {
  type = map(object({
    delay = optional(number)
    fifo  = optional(bool, false)
  }))
  default = {
    work = {}
    jobs = {
      delay = 3
    }
  }
}

locals {
  found   = try(var.extra.missing.deep, var.extra.b, "none")
  has     = can(var.extra.c) ? "yes" : "no"
  picked  = one([for name, queue in var.queues : name if queue.delay != null])
  queues  = { for name, queue in var.queues : name => merge({ delay = 0 }, { for key, value in queue : key => value if value != null }) }
  places  = { for index, part in split(",", "a,b,c") : part => index }
  is_main = var.zones == toset(["a", "b"])
  none    = var.ids == [] ? "no" : "some"
  every   = setunion(var.zones, ["c"])
  keyed   = { for zone, same in local.every : "zone-${zone}" => same }
}

resource "aws_db_instance" "this" {
  identifier          = var.database.name
  engine              = var.database.engine
  instance_class      = "db.t4g.micro"
  allocated_storage   = var.database.storage.size
  storage_type        = var.database.storage.type
  port                = var.database.port
  username            = "app"
  password_wo         = var.secret
  password_wo_version = 1
  skip_final_snapshot = true
  tags                = var.database.tags

  lifecycle {
    ignore_changes = [engine_version, tags["seen"]]
  }
}

resource "aws_cloudwatch_log_group" "zones" {
  for_each = local.keyed

  name              = "${each.key}-${local.is_main ? "main" : "other"}"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_group" "ids" {
  count = length(var.ids)

  name = "id-${var.ids[count.index]}-${local.none}"
}

resource "aws_sqs_queue" "this" {
  for_each = local.queues

  name          = each.value.fifo ? "${each.key}.fifo" : each.key
  fifo_queue    = each.value.fifo
  delay_seconds = each.value.delay
}

resource "aws_sqs_queue" "found" {
  provider = aws.west

  name          = "${local.found}-${local.has}-${local.picked}"
  delay_seconds = var.size
}

resource "aws_ssm_parameter" "places" {
  for_each = local.places

  name  = "/places/${each.key}"
  type  = "String"
  value = each.value
}

resource "terraform_data" "release" {
  input = {
    size  = var.size
    zones = var.zones
  }
  triggers_replace = {
    ids   = var.ids
    label = var.label
  }
}

resource "aws_kms_key" "this" {
  description             = "release ${terraform_data.release.output.size}"
  deletion_window_in_days = 7
}

resource "aws_cloudwatch_log_group" "release" {
  name = "release-${terraform_data.release.id}"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"

  tags = {
    Name = var.label
    seen = "today"
  }

  lifecycle {
    ignore_changes = [tags["seen"]]
  }
}

resource "aws_subnet" "kept" {
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(aws_vpc.this.cidr_block, 8, 0)

  lifecycle {
    ignore_changes = all
  }
}

resource "aws_subnet" "this" {
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, var.size)
  availability_zone = "eu-central-1a"

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [availability_zone]
  }
}

resource "aws_security_group" "this" {
  name        = "this"
  description = "Managed by Terraform"
  vpc_id      = aws_vpc.this.id
}

resource "aws_cloudwatch_log_group" "follows" {
  name = "follows"

  lifecycle {
    replace_triggered_by = [terraform_data.release, aws_vpc.this.cidr_block]
  }
}

resource "aws_cloudwatch_log_group" "follows_tags" {
  name = "follows-tags"

  lifecycle {
    replace_triggered_by = [aws_vpc.this.tags, aws_db_instance.this.port]
  }
}

resource "aws_iam_role" "this" {
  name               = "role-${var.label}"
  assume_role_policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "this" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [for zone in sort(tolist(var.zones)) : "${zone}.amazonaws.com"]
    }
  }
}
