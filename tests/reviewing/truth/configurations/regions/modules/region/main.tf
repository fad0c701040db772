variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "zones" {
  type = set(string)
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
  tags       = merge(var.tags, { Name = var.name })
}

locals {
  ordered = sort(tolist(var.zones))
  blocks  = cidrsubnets(var.cidr, [for z in local.ordered : 4]...)
}

module "zone" {
  source   = "../zone"
  for_each = { for i, z in local.ordered : z => local.blocks[i] }

  vpc_id = aws_vpc.this.id
  zone   = each.key
  cidr   = each.value
  tiers  = ["web", "db"]
}

output "vpc_id" {
  value = aws_vpc.this.id
}

output "cidr" {
  value = aws_vpc.this.cidr_block
}

output "subnets" {
  value = [for z in module.zone : z.ids]
}
