terraform {
  required_version = ">= 1.5"
  backend "s3" {
    key    = "network"
    bucket = "other-states"
  }
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/15"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(var.block, 8, 2)
}

resource "aws_subnet" "new_name" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/24"
}

moved {
  from = aws_subnet.old_name
  to   = aws_subnet.new_name
}

removed {
  from = aws_route.kept
  lifecycle {
    destroy = false
  }
}

import {
  to = aws_eip.nat
  id = "eipalloc-1"
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_security_group" "web" {
  name = "web"
  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
  }
  ingress {
    from_port = 8080
    to_port   = 8080
    protocol  = "tcp"
  }
}

variable "block" {
  type        = string
  description = "The VPC's block."
}
