provider "aws" {
  region = "eu-central-1"
}

resource "aws_instance" "replaced" {
  ami                         = "ami-0a1b2c3d4e5f60718"
  instance_type               = "t3.micro"
  user_data                   = "echo replaced"
  user_data_replace_on_change = true
}

resource "aws_instance" "kept" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.micro"
  user_data     = "echo kept"
}

resource "aws_elasticache_replication_group" "redis" {
  replication_group_id = "redis"
  description          = "Redis"
  engine               = "redis"
  engine_version       = "7.0"
  node_type            = "cache.m6g.large"
  num_cache_clusters   = 2
}

resource "aws_elasticache_cluster" "memcached" {
  cluster_id      = "memcached"
  engine          = "memcached"
  engine_version  = "1.6.17"
  node_type       = "cache.t3.small"
  num_cache_nodes = 1
}

resource "aws_elasticache_cluster" "redis" {
  cluster_id      = "single"
  engine          = "redis"
  engine_version  = "7.0"
  node_type       = "cache.t3.medium"
  num_cache_nodes = 1
}

resource "aws_msk_cluster" "this" {
  cluster_name           = "events"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.m5.large"
    client_subnets  = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
    security_groups = ["sg-0a1b2c3d4e5f60718"]
  }
}

resource "aws_lb" "bare" {
  name               = "bare"
  load_balancer_type = "network"
  subnets            = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
}

resource "aws_lb" "guarded" {
  name               = "guarded"
  load_balancer_type = "network"
  subnets            = ["subnet-0a0a0a0a0a0a0a0a0"]
  security_groups    = ["sg-0a1b2c3d4e5f60718"]
}

resource "aws_ssm_parameter" "long" {
  name  = "long"
  type  = "String"
  value = "text"
  tier  = "Advanced"
}

resource "aws_eks_cluster" "bare" {
  name                          = "bare"
  role_arn                      = "arn:aws:iam::123456789012:role/cluster"
  bootstrap_self_managed_addons = false

  vpc_config {
    subnet_ids = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
  }
}

resource "aws_cloudwatch_log_group" "named" {
  name = "${terraform.workspace}-named"
}

resource "terraform_data" "ordered" {
  triggers_replace = [terraform.workspace, "ordered"]
}

resource "aws_iam_role" "reader" {
  name               = "reader"
  description        = "Reads"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sqs_queue" "tagged" {
  name = "tagged"

  tags = {
    kind = "tagged-so"
  }
}

resource "aws_cloudwatch_log_group" "tagged" {
  name = aws_sqs_queue.tagged.tags_all["kind"]
}

resource "aws_launch_template" "machine" {
  name      = "machine"
  user_data = base64encode("echo machine")
}

resource "aws_cloudwatch_log_group" "triggered" {
  name = "triggered"

  lifecycle {
    replace_triggered_by = [aws_launch_template.machine.latest_version]
  }
}

resource "aws_sqs_queue" "work" {
  count = 2

  name          = "work-${count.index}"
  delay_seconds = [10, 20][count.index]
}

resource "aws_sqs_queue" "follows" {
  count = 2

  name = "follows-${count.index}"

  lifecycle {
    replace_triggered_by = [aws_sqs_queue.work[count.index].delay_seconds]
  }
}

resource "aws_sqs_queue" "follows_all" {
  name = "follows-all"

  lifecycle {
    replace_triggered_by = [aws_sqs_queue.work]
  }
}

module "inner" {
  source = "./inner"

  depends_on = [aws_iam_role.reader]
}

variable "ids" {
  type    = list(string)
  default = ["1", "2"]
}

resource "terraform_data" "listed" {
  triggers_replace = var.ids
}

resource "terraform_data" "keyed" {
  triggers_replace = { first = 1 }
}

resource "terraform_data" "output" {
  input = "first-input"
}

resource "aws_cloudwatch_log_group" "output" {
  name = "output-${terraform_data.output.output}"
}

resource "aws_security_group" "described" {
  name        = "described"
  description = "Managed by Terraform"
  vpc_id      = "vpc-0a0a0a0a0a0a0a0a0"
}

resource "aws_cloudwatch_log_group" "keyed" {
  for_each = { for key, name in toset(["one", "two"]) : key => name }

  name = each.key
}

resource "aws_cloudwatch_log_group" "compared" {
  count = tolist(["a"]) == ["a"] ? 0 : 1

  name = "never-equal"
}

resource "aws_vpc" "tagged" {
  cidr_block = "10.30.0.0/16"

  tags = {
    kind = "tagged-vpc"
  }
}

resource "aws_cloudwatch_log_group" "follows_tags" {
  name = "follows-tags"

  lifecycle {
    replace_triggered_by = [aws_vpc.tagged.tags]
  }
}

resource "aws_vpc" "dedicated" {
  cidr_block       = "10.40.0.0/16"
  instance_tenancy = "dedicated"
}

resource "aws_vpc" "shared" {
  cidr_block       = "10.41.0.0/16"
  instance_tenancy = "default"
}

resource "aws_elasticache_replication_group" "engine" {
  replication_group_id = "engine"
  description          = "Engine"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = "cache.m6g.large"
  num_cache_clusters   = 2
}

resource "aws_api_gateway_authorizer" "this" {
  name           = "this"
  rest_api_id    = "example"
  type           = "TOKEN"
  authorizer_uri = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/example/invocations"
}

resource "aws_sqs_queue" "named" {
  name          = "named"
  delay_seconds = 11
}

data "aws_iam_policy_document" "names" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-central-1:123456789012:${aws_sqs_queue.named.name}"]
  }
}

resource "aws_cloudwatch_log_group" "digest" {
  name = substr(sha1(data.aws_iam_policy_document.names.json), 0, 8)
}
