  assert {
    condition     = module.peering.role_scope == module.network.virtual_network_id
    error_message = "Kurrent Cloud's role does not hold on the VNet."
  }

  assert {
    condition     = module.peering.virtual_network_id == module.network.virtual_network_id
    error_message = "Kurrent Cloud peers with another VNet than the cluster's."
  }

  assert {
    condition     = module.kubernetes.node_subnet_id == module.network.node_subnet_id
    error_message = "The nodes are in another subnet than planned."
  }
