  # Kurrent Cloud takes the network's name, and nothing longer.
  peer = {
    account_id = module.network.project
    network_id = module.network.network_name
    region     = var.region
  }
