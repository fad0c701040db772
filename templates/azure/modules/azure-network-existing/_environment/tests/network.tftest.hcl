mock_provider "azurerm" {
  mock_data "azurerm_virtual_network" {
    defaults = {
      address_space = ["10.24.0.0/16", "10.28.0.0/16", "fd00:db8::/48"]
      id            = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"
    }
  }
}

variables {
  kurrent_cidr        = "10.20.30.0/24"
  name                = "vnet-shared"
  ranges              = { nodes = "10.24.0.0/18", pods = "10.28.0.0/16" }
  resource_group_name = "rg-shared"
}

run "ranges_in_the_address_space_are_taken" {
  module {
    source = "../../modules/azure-network-existing"
  }

  assert {
    condition = [data.azurerm_virtual_network.this.name, data.azurerm_virtual_network.this.resource_group_name] == [
      "vnet-shared", "rg-shared"
    ]
    error_message = "The wrong VNet is looked up."
  }

  assert {
    condition     = output.virtual_network_id == data.azurerm_virtual_network.this.id
    error_message = "Kurrent Cloud's role is on another VNet than the one that is looked up."
  }

  assert {
    condition     = output.ranges == tomap({ nodes = "10.24.0.0/18", pods = "10.28.0.0/16" })
    error_message = "A range is missing in the output."
  }
}

run "a_range_outside_the_vnet_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-network-existing"
  }

  variables {
    ranges = { nodes = "10.25.0.0/18" }
  }

  expect_failures = [output.ranges]
}

run "a_range_larger_than_the_vnet_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-network-existing"
  }

  variables {
    ranges = { nodes = "10.24.0.0/15" }
  }

  expect_failures = [output.ranges]
}

run "a_vnet_over_the_kurrent_network_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-network-existing"
  }

  variables {
    kurrent_cidr = "10.28.30.0/24"
  }

  expect_failures = [output.ranges]
}
