terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

data "aws_availability_zones" "here" {
  state = "available"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = data.aws_availability_zones.here.names[0]
}

resource "aws_eks_cluster" "this" {
  name     = "example"
  role_arn = "arn:aws:iam::123456789012:role/example"
  vpc_config {
    subnet_ids = [aws_subnet.this.id]
  }
}

# An argument of an object type, in block syntax.
resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
  }
}

output "vpc" {
  value = aws_vpc.this.id
}
