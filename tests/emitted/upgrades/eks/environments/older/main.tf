# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

module "network" {
  source = "../../modules/aws-network"

  name         = var.environment
  cidr_block   = var.ranges.network
  node_subnets = { for name, cidr in var.ranges : name => cidr if startswith(name, "nodes-") }
  zones        = var.zones
}

module "kubernetes" {
  source = "../../modules/eks"

  name         = var.environment
  region       = var.region
  service_cidr = var.ranges.services
  settings     = var.kubernetes
  subnet_ids   = values(module.network.node_subnet_ids)
  tags         = local.tags
}

module "kurrent_network" {
  source = "../../modules/kurrent-network"

  name              = var.environment
  resource_provider = "aws"
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

  # Pods leave the VPC with their node's address, so the VPC is all that it takes.
  covered_ranges = { network = module.network.vpc_cidr_block }

  peer = {
    account_id = module.network.owner_id
    network_id = module.network.vpc_id
    region     = var.region
  }
}

module "peering" {
  source = "../../modules/aws-peering"

  name            = var.environment
  kurrent_cidr    = module.kurrent_network.cidr_block
  peering_link_id = module.kurrent_peering.provider_metadata["aws_peering_link_id"]
  route_table_ids = module.network.route_table_ids
}
