# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
    kurrentcloud = {
      source  = "kurrent-io/kurrentcloud"
      version = ">= 3.1, < 4.0"
    }
  }
}
