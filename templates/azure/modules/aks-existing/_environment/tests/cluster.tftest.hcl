mock_provider "azurerm" {
  mock_data "azurerm_kubernetes_cluster" {
    defaults = {
      agent_pool_profile = [
        { name = "default", vnet_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/nodes" },
      ]
      network_profile = [{
        dns_service_ip = "10.0.0.10"
        network_plugin = "azure"
        pod_cidr       = "10.244.0.0/16"
        service_cidr   = "10.0.0.0/16"
      }]
    }
  }
}

variables {
  name                = "aks-shared"
  network_plugin      = "azure"
  node_subnet_id      = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/nodes"
  pod_cidr            = "10.244.0.0/16"
  resource_group_name = "rg-shared"
  service_cidr        = "10.0.0.0/16"
}

run "the_cluster_that_was_planned_for_is_taken" {
  module {
    source = "../../modules/aks-existing"
  }

  assert {
    condition = [data.azurerm_kubernetes_cluster.this.name, data.azurerm_kubernetes_cluster.this.resource_group_name] == [
      "aks-shared", "rg-shared"
    ]
    error_message = "The wrong cluster is looked up."
  }
}

run "a_node_pool_in_another_subnet_is_warned_of" {
  override_data {
    target = data.azurerm_kubernetes_cluster.this
    values = {
      agent_pool_profile = [
        { name = "default", vnet_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/nodes" },
        { name = "batch", vnet_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/batch" },
      ]
      network_profile = [{
        dns_service_ip = "10.0.0.10"
        network_plugin = "azure"
        pod_cidr       = "10.244.0.0/16"
        service_cidr   = "10.0.0.0/16"
      }]
    }
  }

  module {
    source = "../../modules/aks-existing"
  }

  expect_failures = [check.node_pools]
}

run "a_cluster_in_another_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-existing"
  }

  variables {
    node_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/other/subnets/nodes"
  }

  expect_failures = [check.node_pools, output.node_subnet_id]
}

run "a_cluster_whose_pods_come_from_elsewhere_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-existing"
  }

  variables {
    network_plugin = "kubenet"
  }

  expect_failures = [output.node_subnet_id]
}

run "pods_in_a_range_of_their_own_are_refused_where_none_was_planned" {
  command = plan

  module {
    source = "../../modules/aks-existing"
  }

  variables {
    pod_cidr = null
  }

  expect_failures = [output.pod_cidr]
}

run "services_with_another_range_are_refused" {
  command = plan

  module {
    source = "../../modules/aks-existing"
  }

  variables {
    service_cidr = "10.1.0.0/16"
  }

  expect_failures = [output.service_cidr]
}
