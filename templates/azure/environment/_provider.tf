# Reads ARM_TENANT_ID and the same credentials as azurerm from the environment.
provider "azuread" {}

# Reads ARM_SUBSCRIPTION_ID and credentials (Azure CLI, ARM_CLIENT_ID, OIDC) from
# the environment.
provider "azurerm" {
  # Only the providers in use: azurerm 4 registers about sixty resource providers
  # by default, azurerm 5 none.
  resource_provider_registrations = "none"
  resource_providers_to_register = [
{% if environment.parts.kubernetes == "create" %}
    "Microsoft.Compute",
    "Microsoft.ContainerService",
    "Microsoft.ManagedIdentity",
{% endif %}
    "Microsoft.Network",
{% if environment.parts.kubernetes == "create" %}
    "Microsoft.PolicyInsights",
{% endif %}
  ]

  features {}
}
