mock_provider "azurerm" {
  mock_data "azurerm_resources" {
    defaults = {
      resources = [{ id = "mock", location = "westeurope", name = "mock", resource_group_name = "mock", tags = {}, type = "Microsoft.Network/virtualNetworks" }]
    }
  }

  mock_data "azurerm_virtual_network" {
    defaults = {
      address_space = ["10.224.0.0/12"]
    }
  }
}

variables {
  expected_cidr       = "10.224.0.0/12"
  location            = "westeurope"
  name                = "test"
  pod_cidr            = "10.244.0.0/16"
  resource_group_name = "test"
  service_cidr        = "10.0.0.0/16"

  {% include "azure/environment/_settings.tftest.hcl" %}
}
