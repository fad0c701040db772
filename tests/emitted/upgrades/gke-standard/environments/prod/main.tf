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
  flow_logs        = true
}

module "kubernetes" {
  source = "../../modules/gke-standard"

  name                = var.environment
  region              = var.region
  network_id          = module.network.network_id
  subnetwork_id       = module.network.subnetwork_id
  nodes_cidr          = module.network.nodes_cidr
  pods_cidr           = module.network.secondary_ranges["pods"]
  pods_range_name     = module.network.secondary_range_names["pods"]
  services_range_name = lookup(module.network.secondary_range_names, "services", null)
  private_nodes       = true
  settings            = var.kubernetes
}

# The vendor's guide leaves open whether nodes have public addresses. Without, they reach the
# internet through a gateway, and the database, as ever, through the peering.
module "nat" {
  source = "../../modules/gcp-nat"

  name          = var.environment
  region        = var.region
  network_id    = module.network.network_id
  subnetwork_id = module.network.subnetwork_id
}

module "kurrent_network" {
  source = "../../modules/kurrent-network"

  name              = var.environment
  resource_provider = "gcp"
  region            = var.region
  cidr_block        = var.ranges.kurrent
}

module "kurrent_database" {
  source = "../../modules/kurrent-database"

  name     = var.environment
  network  = module.kurrent_network
  settings = var.database
}

module "kurrent_peering" {
  source = "../../modules/kurrent-peering"

  name    = var.environment
  network = module.kurrent_network
  routes  = var.remote

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
  peer_network_id = module.kurrent_peering.provider_metadata["gcp_network_id"]
}
