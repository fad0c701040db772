resource "azurerm_resource_group" "this" {
  name     = "rg-${var.environment}"
  location = var.region
}

module "kubernetes" {
  source = "../../modules/aks-kubenet"

  name                = var.environment
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  expected_cidr       = var.ranges.network
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

  # Pods are hidden behind their node's address; module.kubernetes holds AKS to this range.
  covered_ranges = { network = var.ranges.network }

  peer = {
    account_id = module.peering.tenant_id
    network_id = module.peering.virtual_network_id
    region     = azurerm_resource_group.this.location
  }
}

module "peering" {
  source = "../../modules/azure-peering"

  name                     = var.environment
  virtual_network_id       = module.kubernetes.virtual_network_id
  create_service_principal = var.create_service_principal
}
