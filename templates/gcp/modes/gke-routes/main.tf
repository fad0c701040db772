module "network" {
  source = "../../modules/gcp-network"

  name       = var.environment
  region     = var.region
  nodes_cidr = var.ranges.nodes
}

module "kubernetes" {
  source = "../../modules/gke-routes"

  name          = var.environment
  region        = var.region
  network_id    = module.network.network_id
  subnetwork_id = module.network.subnetwork_id
  pods_cidr     = var.ranges.pods
  settings      = var.kubernetes
}

module "kurrent" {
  source = "../../modules/kurrent"

  name              = var.environment
  resource_provider = "gcp"
  region            = var.region
  cidr_block        = var.ranges.kurrent
  database          = var.database
  routes            = var.remote

  # Pods keep their addresses across the peering.
  covered_ranges = {
    nodes = module.network.nodes_cidr
    pods  = module.kubernetes.pods_cidr
  }

  # Kurrent Cloud takes the network's name, and nothing longer.
  peer = {
    account_id = module.network.project
    network_id = module.network.network_name
    region     = var.region
  }
}

module "peering" {
  source = "../../modules/gcp-peering"

  name            = var.environment
  network_id      = module.network.network_id
  peer_network_id = module.kurrent.provider_metadata["gcp_network_id"]
}
