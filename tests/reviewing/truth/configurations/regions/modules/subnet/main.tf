variable "vpc_id" {
  type = string
}

variable "cidr" {
  type = string
}

variable "zone" {
  type = string
}

variable "public" {
  type    = bool
  default = false
}

resource "aws_subnet" "this" {
  vpc_id                  = var.vpc_id
  cidr_block              = var.cidr
  availability_zone       = var.zone
  map_public_ip_on_launch = var.public
}

resource "aws_route_table" "this" {
  count  = var.public ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_route_table_association" "this" {
  count          = var.public ? 1 : 0
  subnet_id      = aws_subnet.this.id
  route_table_id = one(aws_route_table.this[*].id)
}

output "id" {
  value = aws_subnet.this.id
}
