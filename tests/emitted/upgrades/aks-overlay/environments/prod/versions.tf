# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.58, < 6.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0, < 4.0"
    }
    kurrentcloud = {
      source  = "kurrent-io/kurrentcloud"
      version = ">= 3.1, < 4.0"
    }
  }
}
