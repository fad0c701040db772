# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# EKS nodes register only where the VPC resolves and hands out DNS names.
resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:Flow logs cost by the gigabyte and go where you keep logs: add an aws_flow_log in a custom.tf of this folder.
  #checkov:skip=CKV2_AWS_12:Nothing made here is in the VPC's default security group, which lets in nobody from outside itself.
  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = { Name = "vpc-${var.name}" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "vpc-${var.name}" }
}
