mock_provider "azurerm" {}

variables {
  location            = "westeurope"
  name                = "test"
  node_subnet_cidr    = "10.20.0.0/24"
  node_subnet_id      = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/mock"
  resource_group_name = "test"
  service_cidr        = "10.0.0.0/16"
  virtual_network_id  = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"

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
    source = "../../modules/aks-cni"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].max_count == 7
    error_message = "The node pool may not grow to 7 nodes."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_plugin == "azure"
    error_message = "Pods get their addresses from elsewhere than planned."
  }
}

run "a_node_pool_that_outgrows_its_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-cni"
  }

  variables {
    settings = {
      admin_group_ids        = []
      endpoint_access_ranges = []
      node_size              = "Standard_D4s_v5"
      nodes_max              = 8
      nodes_min              = 3
      nodes_surge            = 1
      pods_per_node          = 30
      sku_tier               = "Standard"
      zones                  = ["1", "2", "3"]
    }
  }

  expect_failures = [var.settings]
}
