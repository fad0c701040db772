terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "name" {
  type = string
}

variable "instances" {
  type = number
}

variable "engine" {
  type = object({ name = string, version = string })
}

variable "window" {
  type    = string
  default = null
}

variable "snapshot" {
  type    = string
  default = null
}

locals {
  identifiers = [for index in range(var.instances) : format("%s-%02d", var.name, index + 1)]
}

resource "aws_rds_cluster" "this" {
  cluster_identifier           = var.name
  engine                       = var.engine.name
  engine_version               = var.engine.version
  database_name                = replace(var.name, "-", "_")
  master_username              = "app"
  manage_master_user_password  = true
  storage_encrypted            = true
  preferred_maintenance_window = var.window
  snapshot_identifier          = var.snapshot
  skip_final_snapshot          = true
  availability_zones           = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]

  serverlessv2_scaling_configuration {
    min_capacity = 1
    max_capacity = 8
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each = toset(local.identifiers)

  identifier         = each.key
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  engine_version     = aws_rds_cluster.this.engine_version
  instance_class     = "db.serverless"
  promotion_tier     = index(local.identifiers, each.key)
}

resource "aws_rds_cluster_endpoint" "reader" {
  cluster_identifier          = aws_rds_cluster.this.id
  cluster_endpoint_identifier = "reader"
  custom_endpoint_type        = "READER"
  excluded_members            = [for name, instance in aws_rds_cluster_instance.this : instance.id if instance.promotion_tier == 0]
}
