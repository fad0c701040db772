terraform {
  required_providers {
    azuread = {
      source = "hashicorp/azuread"
    }
  }
}

resource "azuread_service_principal" "this" {
  client_id = "00000000-0000-0000-0000-000000000000"
}
