provider "aws" {
  region = "eu-central-1"
}

variable "name" {
  type    = string
  default = "orders"
}

variable "buckets" {
  type = map(object({
    versioned = bool
    days      = optional(number)
  }))
  default = {
    raw = {
      versioned = true
      days      = 90
    }
    reports = {
      versioned = false
    }
  }
}

variable "replicas" {
  type    = number
  default = 2
}

variable "database" {
  type = object({
    engine  = string
    version = string
    class   = string
    storage = number
    name    = string
    multi   = bool
  })
  default = {
    engine  = "postgres"
    version = "16.4"
    class   = "db.m6g.large"
    storage = 100
    name    = "orders"
    multi   = true
  }
}

variable "parameters" {
  type = list(object({ name = string, value = string }))
  default = [
    { name = "log_connections", value = "1" },
    { name = "work_mem", value = "65536" },
  ]
}

variable "encrypted" {
  type    = bool
  default = true
}

variable "queues" {
  type    = set(string)
  default = ["created", "paid", "shipped"]
}

locals {
  prefix = lower("Example-${var.name}")
  tags   = { service = var.name }
  secrets = {
    password = "one"
    token    = "two"
  }
  indexes = [
    { name = "by-customer", key = "customer" },
    { name = "by-day", key = "day" },
  ]
}

module "bucket" {
  source   = "./modules/bucket"
  for_each = var.buckets

  name      = "${local.prefix}-${each.key}"
  versioned = each.value.versioned
  days      = each.value.days
  key_arn   = var.encrypted ? aws_kms_key.data[0].arn : null
  policy    = file("${path.root}/policies/bucket.json")
}

resource "aws_kms_key" "data" {
  count = var.encrypted ? 1 : 0

  description         = "Data of ${var.name}"
  enable_key_rotation = true
  key_usage           = "ENCRYPT_DECRYPT"
}

resource "aws_db_subnet_group" "this" {
  name       = local.prefix
  subnet_ids = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
}

resource "aws_db_parameter_group" "this" {
  name   = "${local.prefix}-${split(".", var.database.version)[0]}"
  family = "${var.database.engine}${split(".", var.database.version)[0]}"

  dynamic "parameter" {
    for_each = var.parameters
    content {
      name  = parameter.value.name
      value = parameter.value.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier                   = local.prefix
  engine                       = var.database.engine
  engine_version               = var.database.version
  instance_class               = var.database.class
  allocated_storage            = var.database.storage
  db_name                      = var.database.name
  username                     = "app"
  password                     = local.secrets.password
  multi_az                     = var.database.multi
  storage_encrypted            = var.encrypted
  kms_key_id                   = one(aws_kms_key.data[*].arn)
  db_subnet_group_name         = aws_db_subnet_group.this.name
  parameter_group_name         = aws_db_parameter_group.this.name
  backup_retention_period      = 7
  deletion_protection          = true
  skip_final_snapshot          = false
  final_snapshot_identifier    = "${local.prefix}-last"
  performance_insights_enabled = true
  tags                         = local.tags

  lifecycle {
    ignore_changes = [engine_version, password]
  }
}

resource "aws_db_instance" "replica" {
  count = var.replicas

  identifier          = "${local.prefix}-replica-${count.index + 1}"
  replicate_source_db = aws_db_instance.this.identifier
  instance_class      = var.database.class
  storage_encrypted   = true
  skip_final_snapshot = true
}

resource "aws_dynamodb_table" "events" {
  name         = "${local.prefix}-events"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "at"

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "at"
    type = "N"
  }

  dynamic "attribute" {
    for_each = local.indexes
    content {
      name = attribute.value.key
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = local.indexes
    iterator = index
    content {
      name            = index.value.name
      hash_key        = index.value.key
      projection_type = "ALL"
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = var.encrypted
    kms_key_arn = var.encrypted ? aws_kms_key.data[0].arn : null
  }
}

resource "aws_sqs_queue" "this" {
  for_each = var.queues

  name                       = "${local.prefix}-${each.key}.fifo"
  fifo_queue                 = true
  visibility_timeout_seconds = each.key == "paid" ? 120 : 30
  message_retention_seconds  = 345600

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead" {
  name       = "${local.prefix}-dead.fifo"
  fifo_queue = true
}

resource "aws_sns_topic" "alerts" {
  name              = "${local.prefix}-alerts"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sns_topic_subscription" "alerts" {
  for_each = toset(split(",", "team@example.com,on-call@example.com"))

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.secrets

  name                    = "${local.prefix}/${each.key}"
  recovery_window_in_days = 7
}

resource "aws_ssm_parameter" "names" {
  for_each = { for name, bucket in module.bucket : name => bucket.name }

  name  = "/${var.name}/buckets/${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_ssm_parameter" "endpoint" {
  name  = "/${var.name}/database"
  type  = "String"
  value = "${aws_db_instance.this.address}:${aws_db_instance.this.port}"
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = substr("${local.prefix}-cache", 0, 40)
  description                = "Cache of ${var.name}"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.m6g.large"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  at_rest_encryption_enabled = var.encrypted
  transit_encryption_enabled = true
  port                       = 6379
}

resource "aws_backup_vault" "this" {
  name = local.prefix
}

resource "aws_backup_plan" "this" {
  name = local.prefix

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.this.name
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 35
    }
  }
}

resource "aws_efs_file_system" "this" {
  creation_token   = local.prefix
  encrypted        = true
  performance_mode = "generalPurpose"
  throughput_mode  = "bursting"

  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS"
  }
}

resource "aws_efs_mount_target" "this" {
  count = 2

  file_system_id = aws_efs_file_system.this.id
  subnet_id      = element(tolist(aws_db_subnet_group.this.subnet_ids), count.index)
}
