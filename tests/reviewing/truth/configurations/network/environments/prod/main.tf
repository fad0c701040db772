terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = {
    environment = var.environment
    owner       = "platform"
  }
  zones = ["${var.region}a", "${var.region}b", "${var.region}c"]
  ports = {
    https = 443
    nodes = 2113
  }
}

module "network" {
  source = "../../modules/network"

  name         = "${var.environment}-main"
  cidr         = var.vpc_cidr
  zones        = slice(local.zones, 0, var.zone_count)
  public       = var.public_subnets
  single_nat   = var.single_nat
  dns          = true
  nat_on       = true
  flow_days    = 14
  extra_blocks = ["100.64.0.0/16"]
}

module "firewall" {
  source   = "../../modules/firewall"
  for_each = var.groups

  name   = "${var.environment}-${each.key}"
  vpc_id = module.network.vpc_id
  rules  = each.value.rules
  reason = each.value.reason
  egress = each.value.egress
}

resource "aws_security_group" "database" {
  name        = "${var.environment}-database"
  description = "Clients of the database"
  vpc_id      = module.network.vpc_id

  ingress {
    description     = "nodes"
    from_port       = local.ports.nodes
    to_port         = local.ports.nodes
    protocol        = "tcp"
    cidr_blocks     = [var.vpc_cidr]
    security_groups = [module.firewall["web"].id]
  }

  ingress {
    description = "office"
    from_port   = local.ports["https"]
    to_port     = local.ports["https"]
    protocol    = "tcp"
    cidr_blocks = var.office
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_peering_connection" "database" {
  vpc_id        = module.network.vpc_id
  peer_vpc_id   = "vpc-0a1b2c3d4e5f60718"
  peer_owner_id = var.peer_owner
  peer_region   = var.region
  auto_accept   = false

  tags = {
    Name = "${var.environment}-database"
  }
}

resource "aws_route" "database" {
  for_each = module.network.private_route_tables

  route_table_id            = each.value
  destination_cidr_block    = var.database_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.database.id
}

resource "aws_network_acl" "private" {
  count = var.environment == "prod" ? 1 : 0

  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.private_subnet_ids

  dynamic "ingress" {
    for_each = var.office
    content {
      rule_no    = 100 + ingress.key
      protocol   = "tcp"
      action     = "allow"
      cidr_block = ingress.value
      from_port  = 0
      to_port    = 65535
    }
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = module.network.vpc_id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = values(module.network.private_route_tables)
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(var.endpoints)

  vpc_id              = module.network.vpc_id
  service_name        = format("com.amazonaws.%s.%s", var.region, each.key)
  vpc_endpoint_type   = "Interface"
  subnet_ids          = module.network.private_subnet_ids
  security_group_ids  = [aws_security_group.database.id]
  private_dns_enabled = true
}
