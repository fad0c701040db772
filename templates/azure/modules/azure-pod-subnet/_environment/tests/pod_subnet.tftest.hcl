mock_provider "azurerm" {}

variables {
  cidr_block           = "10.20.64.0/18"
  resource_group_name  = "test"
  virtual_network_name = "test"
}

run "the_subnet_is_delegated_to_aks" {
  command = plan

  module {
    source = "../../modules/azure-pod-subnet"
  }

  assert {
    condition     = one(azurerm_subnet.pods.delegation[*].service_delegation[0].name) == "Microsoft.ContainerService/managedClusters"
    error_message = "AKS delegates the subnet to itself, and the next plan would remove that."
  }

  assert {
    condition     = one(azurerm_subnet.pods.delegation[*].service_delegation[0].actions) == toset(["Microsoft.Network/virtualNetworks/subnets/join/action"])
    error_message = "The delegation has other actions than the one that AKS sets."
  }
}

run "a_range_with_host_bits_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-pod-subnet"
  }

  variables {
    cidr_block = "10.20.65.0/18"
  }

  expect_failures = [var.cidr_block]
}

run "a_range_that_aks_cannot_hand_out_is_refused" {
  command = plan

  module {
    source = "../../modules/azure-pod-subnet"
  }

  variables {
    cidr_block = "10.0.0.0/15"
  }

  expect_failures = [var.cidr_block]
}
