# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Kurrent Cloud makes both halves of the peering, as this application.
# https://docs.kurrent.io/cloud/getting-started/private-access/azure.html
resource "azuread_service_principal" "kurrent" {
  count = var.create_service_principal ? 1 : 0

  client_id = var.kurrent_client_id

  # Destroying it ends every peering of the tenant with Kurrent Cloud.
  lifecycle {
    prevent_destroy = true
  }
}

data "azuread_service_principal" "kurrent" {
  count = var.create_service_principal ? 0 : 1

  client_id = var.kurrent_client_id
}

locals {
  principal_id = one(concat(
    azuread_service_principal.kurrent[*].object_id,
    data.azuread_service_principal.kurrent[*].object_id,
  ))
}
