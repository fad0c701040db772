mock_provider "azurerm" {
  mock_data "azurerm_subnet" {
    defaults = {
      address_prefixes = ["10.24.64.0/18"]
      id               = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/mock"
    }
  }
}

variables {
  cidr_block           = "10.24.64.0/18"
  resource_group_name  = "rg-shared"
  subnet_names         = ["pods"]
  virtual_network_name = "vnet-shared"
}

run "the_subnet_with_the_pods_range_is_found" {
  module {
    source = "../../modules/azure-pod-subnet-existing"
  }

  assert {
    condition     = output.pod_subnet_id == data.azurerm_subnet.all["pods"].id
    error_message = "The pods are in a subnet with another range."
  }
}

run "a_vnet_without_such_a_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-pod-subnet-existing"
  }

  variables {
    cidr_block = "10.24.128.0/18"
  }

  expect_failures = [output.pod_subnet_id]
}
