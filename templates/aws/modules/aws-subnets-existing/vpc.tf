data "aws_vpc" "this" {
  id = var.vpc_id
}

locals {
  vpc_cidr_blocks = [
    for block in data.aws_vpc.this.cidr_block_associations : block.cidr_block if block.state == "associated"
  ]
}
