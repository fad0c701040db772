provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias                       = "global"
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "stage" {
  type    = string
  default = "live"

  validation {
    condition     = contains(["live", "test", "live-b", "test-b"], var.stage)
    error_message = "The stage must be live or test."
  }
}

variable "release" {
  type    = string
  default = "2024-11-01"
}

variable "teams" {
  type    = list(string)
  default = ["search", "billing"]
}

variable "kinds" {
  type    = list(string)
  default = ["work", "retry"]
}

variable "volumes" {
  type    = list(number)
  default = [100, 200]
}

variable "blocks" {
  type = object({
    base = string
    bits = optional(list(number), [4, 4, 8])
  })
  default = {
    base = "10.40.0.0/16"
  }
}

variable "features" {
  type = map(bool)
  default = {
    stream = true
    search = true
    audit  = false
  }
}

locals {
  queues    = { for pair in setproduct(var.teams, var.kinds) : join("-", pair) => { team = pair[0], kind = pair[1] } }
  names     = zipmap(["a", "b", "c"], cidrsubnets(var.blocks.base, var.blocks.bits...))
  enabled   = toset([for name, on in var.features : name if on])
  suffix    = regex("^[0-9]{4}", var.release)
  is_live   = var.stage == "live" && !lookup(var.features, "paused", false)
  size      = local.is_live ? "large" : "small"
  size_of   = { small = 1, large = 3 }
  retention = try(tonumber(lookup({ live = "30", test = "3" }, var.stage, null)), 7)
  listed    = formatlist("%s-${var.stage}", var.teams)
}

module "queue" {
  source   = "../modules/queue"
  for_each = local.queues

  name  = "${var.stage}-${each.key}"
  delay = each.value.kind == "retry" ? 60 : 0
  tags  = merge({ team = each.value.team }, each.value.kind == "retry" ? { retry = "yes" } : {})
}

module "cluster" {
  source = "../modules/cluster"
  providers = {
    aws = aws
  }

  name      = "events-${var.stage}"
  instances = local.size_of[local.size]
  engine    = { name = "aurora-postgresql", version = "16.4" }
  window    = "sun:03:00-sun:04:00"
}

resource "terraform_data" "release" {
  input            = var.release
  triggers_replace = [local.suffix, var.stage]
}

resource "aws_instance" "worker" {
  count = length(var.volumes)

  ami               = "ami-0a1b2c3d4e5f60718"
  instance_type     = local.is_live ? "m6i.large" : "t3.micro"
  availability_zone = element(["eu-central-1a", "eu-central-1b"], count.index)
  ebs_optimized     = local.is_live
  monitoring        = true
  user_data         = <<-EOT
    #!/bin/sh
    %{for team in var.teams~}
    systemctl enable worker@${team}
    %{endfor~}
  EOT

  metadata_options {
    http_tokens = "required"
  }

  lifecycle {
    replace_triggered_by = [terraform_data.release.output]
    ignore_changes       = [tags["seen"], user_data]
  }
}

resource "aws_ebs_volume" "worker" {
  count = length(var.volumes)

  availability_zone = aws_instance.worker[count.index].availability_zone
  size              = var.volumes[count.index]
  type              = "gp3"
  encrypted         = true
}

resource "aws_volume_attachment" "worker" {
  count = length(var.volumes)

  device_name = "/dev/sdf"
  instance_id = aws_instance.worker[count.index].id
  volume_id   = aws_ebs_volume.worker[count.index].id
}

resource "aws_kinesis_stream" "events" {
  count = contains(local.enabled, "stream") ? 1 : 0

  name             = "events-${var.stage}"
  retention_period = local.retention * 24

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_acm_certificate" "global" {
  provider = aws.global

  domain_name       = "${var.stage}.example.com"
  validation_method = "DNS"
}

resource "aws_placement_group" "workers" {
  name     = "workers-${local.suffix}"
  strategy = "spread"
}

resource "aws_launch_template" "pool" {
  name_prefix   = "pool-${var.stage}-"
  image_id      = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.micro"
  user_data = base64encode(join("\n", [
    "#!/bin/sh",
    "echo ${var.release}",
  ]))

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_autoscaling_group" "pool" {
  for_each = toset(local.listed)

  name                = each.value
  min_size            = 1
  max_size            = local.size_of[local.size] * 2
  vpc_zone_identifier = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
  placement_group     = aws_placement_group.workers.id

  launch_template {
    id      = aws_launch_template.pool.id
    version = aws_launch_template.pool.latest_version
  }

  dynamic "tag" {
    for_each = { stage = var.stage, release = var.release }
    iterator = each_tag
    content {
      key                 = each_tag.key
      value               = each_tag.value
      propagate_at_launch = true
    }
  }

  instance_refresh {
    strategy = "Rolling"
  }
}

resource "aws_ec2_managed_prefix_list" "blocks" {
  name           = "blocks-${var.stage}"
  address_family = "IPv4"
  max_entries    = 10

  dynamic "entry" {
    for_each = local.names
    content {
      cidr        = entry.value
      description = entry.key
    }
  }
}

resource "aws_cognito_user_pool" "this" {
  name                     = "people-${var.stage}"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  password_policy {
    minimum_length = 12
  }

  schema {
    name                = "team"
    attribute_data_type = "String"
    mutable             = true

    string_attribute_constraints {
      min_length = 1
      max_length = 50
    }
  }
}

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.this.id

  prevent_user_existence_errors = "ENABLED"
}

resource "aws_apigatewayv2_api" "this" {
  name          = "api-${var.stage}"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = [for team in var.teams : "https://${team}.example.com"]
    allow_methods = ["GET", "POST"]
  }
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly-${var.stage}"
  schedule_expression = "rate(${local.retention} hours)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "queue"
  arn       = module.queue["${var.teams[0]}-work"].arn
  input     = jsonencode({ release = var.release })
}

resource "aws_scheduler_schedule" "nightly" {
  name                = "nightly-${var.stage}"
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = "cron(0 2 * * ? *)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.queue["${var.teams[0]}-work"].arn
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
  }
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.stage
}

moved {
  from = aws_sqs_queue.search
  to   = module.queue["search-work"].aws_sqs_queue.this
}

removed {
  from = aws_instance.legacy

  lifecycle {
    destroy = false
  }
}
