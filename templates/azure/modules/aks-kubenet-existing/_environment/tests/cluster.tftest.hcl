mock_provider "azurerm" {
  mock_data "azurerm_kubernetes_cluster" {
    defaults = {
      network_profile = [{
        dns_service_ip = "10.0.0.10"
        network_plugin = "kubenet"
        pod_cidr       = "10.244.0.0/16"
        service_cidr   = "10.0.0.0/16"
      }]
    }
  }

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
  name                = "aks-shared"
  pod_cidr            = "10.244.0.0/16"
  resource_group_name = "rg-shared"
  service_cidr        = "10.0.0.0/16"
}

run "the_vnet_that_aks_made_is_found" {
  module {
    source = "../../modules/aks-kubenet-existing"
  }

  assert {
    condition     = output.virtual_network_id == data.azurerm_virtual_network.all["mock"].id
    error_message = "The VNet is not the one that AKS created."
  }

  assert {
    condition     = data.azurerm_resources.virtual_networks.resource_group_name == data.azurerm_kubernetes_cluster.this.node_resource_group
    error_message = "The VNet is not looked up in the cluster's node resource group."
  }
}

run "a_vnet_with_another_range_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-kubenet-existing"
  }

  variables {
    expected_cidr = "10.224.0.0/13"
  }

  expect_failures = [output.virtual_network_id]
}

run "pods_with_another_range_are_refused" {
  command = plan

  module {
    source = "../../modules/aks-kubenet-existing"
  }

  variables {
    pod_cidr = "10.245.0.0/16"
  }

  expect_failures = [output.pod_cidr]
}

run "services_with_another_range_are_refused" {
  command = plan

  module {
    source = "../../modules/aks-kubenet-existing"
  }

  variables {
    service_cidr = "10.1.0.0/16"
  }

  expect_failures = [output.service_cidr]
}

run "a_cluster_in_a_vnet_of_yours_is_refused" {
  command = plan

  override_data {
    target = data.azurerm_resources.virtual_networks
    values = {
      resources = []
    }
  }

  module {
    source = "../../modules/aks-kubenet-existing"
  }

  expect_failures = [output.virtual_network_id]
}
