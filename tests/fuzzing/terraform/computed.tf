variable "cidr" {
  type    = string
  default = "10.8.0.0/16"
}
locals {
  subnets = { for i in range(3) : "s${i}" => cidrsubnet(var.cidr, 8, i) }
}
resource "aws_vpc" "main" {
  cidr_block = var.cidr
  tags       = merge({ Name = "a" }, { for k in ["x"] : k => "y" })
}
resource "aws_subnet" "main" {
  for_each   = local.subnets
  vpc_id     = aws_vpc.main.id
  cidr_block = each.value
}
