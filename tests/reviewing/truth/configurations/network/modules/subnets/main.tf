variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "blocks" {
  type = map(string)
}

variable "public" {
  type = bool
}

resource "aws_subnet" "this" {
  for_each = var.blocks

  vpc_id                  = var.vpc_id
  cidr_block              = each.value
  availability_zone       = each.key
  map_public_ip_on_launch = var.public

  tags = {
    Name = "${var.name}-${substr(each.key, -1, 1)}"
    kind = var.public ? "public" : "private"
  }
}

resource "aws_route_table" "this" {
  for_each = var.blocks

  vpc_id = var.vpc_id

  tags = {
    Name = join("-", [var.name, each.key])
  }
}

resource "aws_route_table_association" "this" {
  for_each = aws_subnet.this

  subnet_id      = each.value.id
  route_table_id = aws_route_table.this[each.key].id
}

output "ids" {
  value = { for zone, subnet in aws_subnet.this : zone => subnet.id }
}

output "route_table_ids" {
  value = { for zone, table in aws_route_table.this : zone => table.id }
}
