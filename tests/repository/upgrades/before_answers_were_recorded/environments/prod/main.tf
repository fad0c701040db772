# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

locals {
  # What the subnet holds besides nodes: the pods, and the services where GKE does not manage them.
  secondary_ranges = { for name, cidr in var.ranges : name => cidr if contains(["pods", "services"], name) }
}

module "network" {
  source = "../../modules/gcp-network"

  name             = var.environment
  region           = var.region
  nodes_cidr       = var.ranges.nodes
  secondary_ranges = local.secondary_ranges
}

module "kubernetes" {
  source = "../../modules/gke-standard"

  name                = var.environment
  region              = var.region
  network_id          = module.network.network_id
  subnetwork_id       = module.network.subnetwork_id
  pods_range_name     = "pods"
  services_range_name = contains(keys(local.secondary_ranges), "services") ? "services" : null
  settings            = var.kubernetes
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
    pods  = module.network.secondary_ranges["pods"]
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
