# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "azurerm" {
  mock_resource "azurerm_route_table" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/routeTables/mock"
    }
  }

  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mock"
    }
  }
}

variables {
  location            = "westeurope"
  name                = "test"
  network_cidr        = "10.20.0.0/16"
  node_subnet_cidr    = "10.20.0.0/24"
  node_subnet_id      = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/nodes"
  outbound_type       = "loadBalancer"
  pod_cidr            = "10.244.0.0/16"
  resource_group_name = "test"
  service_cidr        = "10.0.0.0/16"
  tags                = { team = "payments" }

  settings = {
    admin_group_ids         = []
    azure_policy            = true
    endpoint_access_ranges  = []
    host_encryption         = false
    network_policy          = "cilium"
    node_os_upgrade_channel = "NodeImage"
    node_size               = "Standard_D4ds_v5"
    nodes_max               = 7
    nodes_min               = 3
    nodes_surge             = 1
    os_disk_size            = 128
    os_disk_type            = "Ephemeral"
    os_sku                  = "Ubuntu"
    pods_per_node           = 30
    private_cluster         = false
    sku_tier                = "Standard"
    upgrade_channel         = "patch"
    zones                   = ["1", "2", "3"]
  }
}

run "the_cluster_is_as_its_mode_has_it" {
  module {
    source = "../../modules/aks-overlay"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].max_count == 7
    error_message = "The node pool may not grow to 7 nodes."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_plugin == "azure"
    error_message = "Pods get their addresses from elsewhere than planned."
  }

  # Azure refuses the type without an identity, and nobody does before.
  assert {
    condition     = azurerm_kubernetes_cluster.this.identity[0].identity_ids == toset([azurerm_user_assigned_identity.cluster.id])
    error_message = "The cluster has not the identity that its roles are for."
  }

  assert {
    condition = [azurerm_kubernetes_cluster.this.network_profile[0].network_data_plane, azurerm_kubernetes_cluster.this.network_profile[0].network_policy] == [
      "cilium", "cilium"
    ]
    error_message = "Cilium enforces network policies as data plane only."
  }

  # Without the mode, Azure CNI takes the pods' addresses from the node subnet.
  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_plugin_mode == "overlay" && azurerm_kubernetes_cluster.this.default_node_pool[0].pod_subnet_id == null
    error_message = "Pods take addresses of a subnet."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].pod_cidr == var.pod_cidr
    error_message = "AKS chooses the pods' range by itself."
  }
}

run "a_node_pool_that_outgrows_its_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-overlay"
  }

  variables {
    node_subnet_cidr = "10.20.0.0/29"
  }

  expect_failures = [var.settings]
}

run "a_node_pool_that_outgrows_the_pods_range_is_refused" {
  command = plan

  module {
    source = "../../modules/aks-overlay"
  }

  variables {
    pod_cidr = "10.244.0.0/22"
  }

  expect_failures = [var.settings]
}

run "services_over_the_vnet_are_refused" {
  command = plan

  module {
    source = "../../modules/aks-overlay"
  }

  variables {
    service_cidr = "10.20.128.0/20"
  }

  expect_failures = [var.service_cidr]
}
