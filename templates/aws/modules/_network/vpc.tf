# EKS nodes register only in a VPC with DNS support and DNS hostnames.
resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = { Name = "vpc-${var.name}" }

  #checkov:skip=CKV2_AWS_11:Flow logs are billed by the gigabyte, and their target is your choice: add an aws_flow_log in a custom.tf of this folder.
  #checkov:skip=CKV2_AWS_12:No resource here uses the VPC's default security group, which allows only its members.
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "vpc-${var.name}" }
}
