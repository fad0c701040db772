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

  settings = {
    admin_group_ids        = []
    endpoint_access_ranges = []
    node_size              = "Standard_D4s_v5"
    nodes_max              = 7
    nodes_min              = 3
    nodes_surge            = 1
    pods_per_node          = 30
    sku_tier               = "Standard"
    zones                  = ["1", "2", "3"]
  }
}

run "a_vnet_with_the_planned_range_is_taken" {
  module {
    source = "../../modules/aks-kubenet"
  }

  assert {
    condition     = output.virtual_network_id == data.azurerm_virtual_network.this.id
    error_message = "The VNet is another than the one that AKS made."
  }
}

run "a_vnet_with_another_range_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-kubenet"
  }

  variables {
    expected_cidr = "10.0.0.0/8"
  }

  expect_failures = [output.virtual_network_id]
}
