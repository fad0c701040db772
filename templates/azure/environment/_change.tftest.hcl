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
