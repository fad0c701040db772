locals {
  newbits = 4
  indices = { for index, zone in var.zones : zone => index }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = var.dns
  instance_tenancy     = "default"

  tags = {
    Name = var.name
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "extra" {
  count = length(var.extra_blocks)

  vpc_id     = aws_vpc.this.id
  cidr_block = var.extra_blocks[count.index]
}

resource "aws_internet_gateway" "this" {
  count = var.public ? 1 : 0

  vpc_id = aws_vpc.this.id
}

module "private" {
  source = "../subnets"

  name   = "${var.name}-private"
  vpc_id = aws_vpc.this.id
  blocks = { for zone, index in local.indices : zone => cidrsubnet(var.cidr, local.newbits, index) }
  public = false
}

module "public" {
  source = "../subnets"
  count  = var.public ? 1 : 0

  name   = "${var.name}-public"
  vpc_id = aws_vpc.this.id
  blocks = { for zone, index in local.indices : zone => cidrsubnet(var.cidr, local.newbits, index + 8) }
  public = true
}

resource "aws_route" "internet" {
  for_each = var.public ? module.public[0].route_table_ids : {}

  route_table_id         = each.value
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  for_each = toset(local.nat_zones)

  allocation_id     = aws_eip.nat[each.key].id
  subnet_id         = module.public[0].ids[each.key]
  connectivity_type = "public"

  depends_on = [aws_internet_gateway.this]
}

locals {
  nat_zones = var.public && var.nat_on ? (var.single_nat ? [var.zones[0]] : var.zones) : []
}

resource "aws_route" "nat" {
  for_each = length(local.nat_zones) > 0 ? module.private.route_table_ids : {}

  route_table_id         = each.value
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.single_nat ? var.zones[0] : each.key].id
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/vpc/${var.name}"
  retention_in_days = var.flow_days
}

resource "aws_iam_role" "flow" {
  name               = "${var.name}-flow"
  assume_role_policy = data.aws_iam_policy_document.flow.json
}

data "aws_iam_policy_document" "flow" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }
  }
}

resource "aws_flow_log" "this" {
  vpc_id                   = aws_vpc.this.id
  traffic_type             = "REJECT"
  log_destination          = aws_cloudwatch_log_group.flow.arn
  iam_role_arn             = aws_iam_role.flow.arn
  max_aggregation_interval = 600
}

resource "aws_vpc_dhcp_options" "this" {
  domain_name         = "internal.example"
  domain_name_servers = ["AmazonProvidedDNS"]
}

resource "aws_vpc_dhcp_options_association" "this" {
  vpc_id          = aws_vpc.this.id
  dhcp_options_id = aws_vpc_dhcp_options.this.id
}
