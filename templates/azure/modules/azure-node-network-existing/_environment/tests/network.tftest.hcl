mock_provider "azurerm" {
  mock_data "azurerm_virtual_network" {
    defaults = {
      address_space = ["10.24.0.0/16", "10.28.0.0/16", "fd00:db8::/48"]
      id            = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"
      location      = "westeurope"
      subnets       = ["nodes"]
    }
  }

  mock_data "azurerm_subnet" {
    defaults = {
      address_prefixes = ["10.24.0.0/18"]
      id               = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/mock"
    }
  }
}

variables {
  cidr_block           = "10.24.0.0/16"
  kurrent_cidr         = "10.20.30.0/24"
  location             = "westeurope"
  nodes_cidr           = "10.24.0.0/18"
  resource_group_name  = "rg-shared"
  virtual_network_name = "vnet-shared"
}

run "the_subnet_with_the_nodes_range_is_found" {
  module {
    source = "../../modules/azure-node-network-existing"
  }

  assert {
    condition = [data.azurerm_virtual_network.this.name, data.azurerm_virtual_network.this.resource_group_name] == [
      "vnet-shared", "rg-shared"
    ]
    error_message = "The wrong VNet is looked up."
  }

  assert {
    condition     = output.node_subnet_id == data.azurerm_subnet.all["nodes"].id
    error_message = "The nodes are in a subnet with another range."
  }
}

run "a_vnet_without_the_planned_range_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-node-network-existing"
  }

  variables {
    cidr_block = "10.24.0.0/15"
  }

  expect_failures = [output.cidr_block]
}

run "a_vnet_over_the_kurrent_network_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-node-network-existing"
  }

  variables {
    kurrent_cidr = "10.28.30.0/24"
  }

  expect_failures = [output.cidr_block]
}

run "a_vnet_in_another_region_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-node-network-existing"
  }

  variables {
    location = "northeurope"
  }

  expect_failures = [output.location]
}

run "a_vnet_without_such_a_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-node-network-existing"
  }

  variables {
    nodes_cidr = "10.24.64.0/18"
  }

  expect_failures = [output.node_subnet_id]
}
