resource "azurerm_subnet" "pods" {
  name                 = "pods"
  resource_group_name  = var.resource_group_name
  virtual_network_name = var.virtual_network_name
  address_prefixes     = [var.cidr_block]

  # AKS adds this delegation when it creates the cluster. Without this block, the
  # next plan would remove it.
  delegation {
    name = "aks-delegation"

    service_delegation {
      name    = "Microsoft.ContainerService/managedClusters"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }

  #checkov:skip=CKV2_AZURE_31:Network policies isolate pods; a security group sees only traffic that leaves a node.
}
