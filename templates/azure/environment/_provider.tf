{% if "tenant_id" in environment.account %}
# Reads the same credentials as azurerm from the environment.
provider "azuread" {
  tenant_id = var.account.tenant_id
}
{% else %}
# Reads ARM_TENANT_ID and the same credentials as azurerm from the environment.
provider "azuread" {}
{% endif %}

{% if "subscription_id" in environment.account %}
# Reads credentials (Azure CLI, ARM_CLIENT_ID, OIDC) from the environment.
{% else %}
# Reads ARM_SUBSCRIPTION_ID and credentials (Azure CLI, ARM_CLIENT_ID, OIDC) from
# the environment.
{% endif %}
provider "azurerm" {
{% if environment.account %}
{% set width = environment.account | map("length") | max %}
{% for name in environment.account %}
  {{ name.ljust(width) }} = var.account.{{ name }}
{% endfor %}

{% endif %}
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
