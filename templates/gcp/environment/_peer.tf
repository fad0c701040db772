  # Kurrent Cloud accepts only the network's name, not its path.
  peer = {
    account_id = module.network.project
    network_id = module.network.network_name
    region     = var.region
  }
