# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Terraform destroys what a test creates, and prevent_destroy refuses that for the principal.
variables {
  create_service_principal = false
}

mock_provider "azuread" {}

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = {
      subscription_id = "00000000-0000-0000-0000-000000000000"
      tenant_id       = "10000000-0000-0000-0000-000000000000"
    }
  }

  # Azure has the peering: without it, the check of it fails.
  mock_data "azurerm_virtual_network" {
    defaults = {
      vnet_peerings_addresses = ["10.255.255.0/24"]
    }
  }

  mock_resource "azurerm_nat_gateway" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/natGateways/mock"
    }
  }

  mock_resource "azurerm_public_ip" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/publicIPAddresses/mock"
    }
  }

  mock_resource "azurerm_route_table" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/routeTables/mock"
    }
  }

  mock_resource "azurerm_subnet" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/mock"
    }
  }

  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mock"
    }
  }

  mock_resource "azurerm_virtual_network" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"
    }
  }
}

mock_provider "kurrentcloud" {}

run "every_range_stands_where_the_plan_put_it" {
  assert {
    condition     = module.kurrent_network.cidr_block == "10.255.255.0/24"
    error_message = "The Kurrent network has another range than planned."
  }

  assert {
    condition     = module.network.cidr_block == "10.0.0.0/16"
    error_message = "The VNet has another range than planned."
  }

  assert {
    condition     = module.network.node_subnet_cidr == "10.0.0.0/20"
    error_message = "The node subnet has another range than planned."
  }

  assert {
    condition     = module.kurrent_peering.covered_ranges == tomap({ network = "10.0.0.0/16" })
    error_message = "Nobody checks that the peering reaches the VNet."
  }

  assert {
    condition     = module.kurrent_peering.routes == toset(["10.0.0.0/16"])
    error_message = "The Kurrent network routes to other ranges than planned."
  }

  assert {
    condition     = module.kubernetes.service_cidr == "10.254.0.0/16"
    error_message = "The Kubernetes services have another range than planned."
  }

  assert {
    condition     = module.kubernetes.dns_service_ip == cidrhost("10.254.0.0/16", 10)
    error_message = "The cluster's DNS is not the tenth address of the services."
  }

  assert {
    condition     = module.kubernetes.pod_cidr == "10.244.0.0/16"
    error_message = "The pods have another range than planned."
  }
}

run "the_cluster_and_kurrent_cloud_meet_in_the_vnet" {
  command = plan

  assert {
    condition     = module.peering.role_scope == module.network.virtual_network_id
    error_message = "Kurrent Cloud's role does not hold on the VNet."
  }

  assert {
    condition = module.kurrent_peering.peer == {
      account_id = module.peering.tenant_id
      network_id = module.network.virtual_network_id
      region     = module.network.location
    }
    error_message = "Kurrent Cloud was told another tenant, VNet or region than those of the cluster."
  }

  assert {
    condition     = module.kubernetes.node_subnet_id == module.network.node_subnet_id
    error_message = "The nodes are in another subnet than planned."
  }

  assert {
    condition = module.kubernetes.network_role_scopes == {
      node_subnet = module.network.node_subnet_id
    }
    error_message = "The cluster may not change the network that it is in, or more of it than that."
  }

  assert {
    condition     = module.kubernetes.outbound_type == "loadBalancer"
    error_message = "The nodes reach the internet in another way than chosen."
  }
}

# The Kurrent provider replaces a peering whose account or network is unknown in
# the plan.
run "a_change_of_the_cluster_leaves_the_peering_alone" {
  command = plan

  variables {
    kubernetes = { nodes_max = 4 }
  }

  assert {
    condition     = module.kurrent_peering.peer.account_id == "10000000-0000-0000-0000-000000000000"
    error_message = "The peering's account is another than before."
  }

  assert {
    condition     = module.kurrent_peering.peer.network_id == "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"
    error_message = "The peering's network is another than before."
  }

  assert {
    condition     = module.kurrent_network.resource_provider == "azure"
    error_message = "The Kurrent network is on another cloud than the cluster."
  }
}

run "everything_says_whose_it_is" {
  command = plan

  variables {
    tags = { environment = "another", team = "payments" }
  }

  assert {
    condition = alltrue([
      for tags in [
        azurerm_resource_group.this.tags,
        module.network.tags,
        module.kubernetes.tags.cluster,
        module.kubernetes.tags.nodes,
      ] : tags == tomap({ environment = var.environment, managed-by = "terraform", team = "payments" })
    ])
    error_message = "Something lacks its tags, or says that it is of another environment."
  }
}

run "a_peering_that_azure_does_not_have_is_warned_of" {
  override_data {
    target = data.azurerm_virtual_network.peered
    values = {
      vnet_peerings_addresses = ["192.0.2.0/24"]
    }
  }

  expect_failures = [check.peering]
}

run "a_node_subnet_outside_the_vnet_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.0.0.0/16"
      nodes    = "192.0.2.0/24"
      pods     = "10.244.0.0/16"
      services = "10.254.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "what_aks_does_not_take_is_refused" {
  command = plan

  variables {
    kubernetes = { pods_per_node = 300 }
  }

  expect_failures = [var.kubernetes]
}

run "a_version_that_the_upgrades_leave_behind_is_refused" {
  command = plan

  variables {
    kubernetes = { upgrade_channel = "stable", version = "1.36" }
  }

  expect_failures = [var.kubernetes]
}

run "a_range_with_host_bits_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.20.30.1/24"
      network  = "10.0.0.0/16"
      nodes    = "10.0.0.0/20"
      pods     = "10.244.0.0/16"
      services = "10.254.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "a_range_over_the_kurrent_network_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.0.0.0/16"
      network  = "10.0.0.0/16"
      nodes    = "10.0.0.0/20"
      pods     = "10.244.0.0/16"
      services = "10.254.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "services_over_pods_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.0.0.0/16"
      nodes    = "10.0.0.0/20"
      pods     = "10.244.0.0/16"
      services = "10.244.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "an_empty_remote_range_is_refused" {
  command = plan

  variables {
    remote = []
  }

  expect_failures = [var.remote]
}

run "a_remote_range_that_kurrent_cloud_cannot_route_to_is_refused" {
  command = plan

  variables {
    remote = ["10.0.0.0/7"]
  }

  expect_failures = [var.remote]
}

run "a_disk_that_this_cloud_does_not_have_is_refused" {
  command = plan

  variables {
    database = { disk_type = "gp2" }
  }

  expect_failures = [var.database]
}
