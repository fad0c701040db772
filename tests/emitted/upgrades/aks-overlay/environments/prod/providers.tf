# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Reads ARM_TENANT_ID and the same credentials as azurerm from the environment.
provider "azuread" {}

# Reads ARM_SUBSCRIPTION_ID and credentials (Azure CLI, ARM_CLIENT_ID, OIDC) from
# the environment.
provider "azurerm" {
  # Only what is used here: azurerm 4 would register some sixty resource
  # providers by default, azurerm 5 none.
  resource_provider_registrations = "none"
  resource_providers_to_register = [
    "Microsoft.Compute",
    "Microsoft.ContainerService",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.PolicyInsights",
  ]

  features {}
}

# Reads ESC_ORG_ID, ESC_CLIENT_ID and ESC_CLIENT_SECRET of a service account from the environment. ESC_TOKEN, the
# refresh token of a person, works too, is deprecated, and will be decommissioned.
provider "kurrentcloud" {}
