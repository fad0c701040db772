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

run "a_node_pool_that_fits_is_taken" {
  command = plan

  module {
    source = "../../modules/aks-kubenet"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].max_count == 7
    error_message = "The node pool may not grow to 7 nodes."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_plugin == "kubenet"
    error_message = "Pods get their addresses from elsewhere than planned."
  }
}

run "a_node_pool_that_outgrows_the_pods_range_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-kubenet"
  }

  variables {
    pod_cidr = "10.244.0.0/22"
  }

  expect_failures = [var.settings]
}
