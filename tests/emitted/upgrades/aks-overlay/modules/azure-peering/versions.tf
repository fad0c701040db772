# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.58"
    }
  }
}
