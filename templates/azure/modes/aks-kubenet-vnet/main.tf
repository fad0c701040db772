resource "azurerm_resource_group" "this" {
  name     = "rg-${var.environment}"
  location = var.region
}

module "network" {
  source = "../../modules/azure-network"

  name                = var.environment
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  cidr_block          = var.ranges.network
  nodes_cidr          = var.ranges.nodes
}

module "kubernetes" {
  source = "../../modules/aks-kubenet-vnet"

  name                = var.environment
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  virtual_network_id  = module.network.virtual_network_id
  node_subnet_id      = module.network.node_subnet_id
  node_subnet_cidr    = module.network.node_subnet_cidr
  pod_cidr            = var.ranges.pods
  service_cidr        = var.ranges.services
  settings            = var.kubernetes
}

module "kurrent" {
  source = "../../modules/kurrent"

  name              = var.environment
  resource_provider = "azure"
  region            = var.region
  cidr_block        = var.ranges.kurrent
  database          = var.database
  routes            = var.remote

  # Pods are hidden behind their node's address, so the VNet is all that it takes.
  covered_ranges = { network = one(module.network.address_space) }

  peer = {
    account_id = module.peering.tenant_id
    network_id = module.peering.virtual_network_id
    region     = azurerm_resource_group.this.location
  }
}

module "peering" {
  source = "../../modules/azure-peering"

  name                     = var.environment
  virtual_network_id       = module.network.virtual_network_id
  create_service_principal = var.create_service_principal
}
