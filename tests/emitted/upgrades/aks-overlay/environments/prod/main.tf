# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

locals {
  # azurerm has no default tags, so the modules hand them on.
  tags = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}

resource "azurerm_resource_group" "this" {
  name     = "rg-${var.environment}"
  location = var.region
  tags     = local.tags
}

module "network" {
  source = "../../modules/azure-network"

  name                = var.environment
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  cidr_block          = var.ranges.network
  nodes_cidr          = var.ranges.nodes
  tags                = local.tags
}

module "kubernetes" {
  source = "../../modules/aks-overlay"

  name                = var.environment
  location            = module.network.location
  resource_group_name = azurerm_resource_group.this.name
  network_cidr        = module.network.cidr_block
  node_subnet_id      = module.network.node_subnet_id
  node_subnet_cidr    = module.network.node_subnet_cidr
  pod_cidr            = var.ranges.pods
  service_cidr        = var.ranges.services
  outbound_type       = "loadBalancer"
  settings            = var.kubernetes
  tags                = local.tags
}

module "kurrent_network" {
  source = "../../modules/kurrent-network"

  name              = var.environment
  resource_provider = "azure"
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

  # Pods are hidden behind their node's address, so the VNet is all that it takes.
  covered_ranges = { network = module.network.cidr_block }

  peer = {
    account_id = module.peering.tenant_id
    network_id = module.peering.virtual_network_id
    region     = module.network.location
  }
}

module "peering" {
  source = "../../modules/azure-peering"

  name                     = var.environment
  virtual_network_id       = module.network.virtual_network_id
  create_service_principal = var.create_service_principal
}

# Kurrent Cloud makes both halves of the peering: this asks Azure whether yours is there.
check "peering" {
  data "azurerm_virtual_network" "peered" {
    # Once there is a peering, it has an id. With depends_on, each change of the
    # network would leave the answer open until it is applied.
    name                = length(module.kurrent_peering.peering_id) > 0 ? split("/", module.kurrent_peering.peer.network_id)[8] : null
    resource_group_name = split("/", module.kurrent_peering.peer.network_id)[4]
  }

  assert {
    condition     = contains(data.azurerm_virtual_network.peered.vnet_peerings_addresses, module.kurrent_network.cidr_block)
    error_message = "The VNet has no peering with ${module.kurrent_network.cidr_block}, so nothing in it reaches the database. Look at the peering in Kurrent Cloud's console."
  }
}
