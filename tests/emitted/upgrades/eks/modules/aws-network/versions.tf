# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}
