variable "name" {
  type = string
}

variable "reason" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "egress" {
  type    = bool
  default = true
}

variable "rules" {
  type = map(object({ port = number, cidrs = list(string) }))
}

locals {
  pairs = merge([
    for name, rule in var.rules : {
      for cidr in rule.cidrs : "${name}-${cidr}" => { port = rule.port, cidr = cidr }
    }
  ]...)
}

resource "aws_security_group" "this" {
  name        = var.name
  description = var.reason
  vpc_id      = var.vpc_id

  tags = {
    Name = upper(var.name)
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.pairs

  security_group_id = aws_security_group.this.id
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.cidr
  description       = each.key
}

resource "aws_vpc_security_group_egress_rule" "all" {
  count = var.egress ? 1 : 0

  security_group_id = aws_security_group.this.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_security_group_rule" "own" {
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  self              = true
  security_group_id = aws_security_group.this.id
}

output "id" {
  value = aws_security_group.this.id
}
