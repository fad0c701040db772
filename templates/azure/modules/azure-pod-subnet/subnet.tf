resource "azurerm_subnet" "pods" {
  name                 = "pods"
  resource_group_name  = var.resource_group_name
  virtual_network_name = var.virtual_network_name
  address_prefixes     = [var.cidr_block]

  # AKS delegates the subnet to itself when it makes the cluster. Were it not
  # written here, the next plan would take it away.
  delegation {
    name = "aks-delegation"

    service_delegation {
      name    = "Microsoft.ContainerService/managedClusters"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }

  #checkov:skip=CKV2_AZURE_31:Pods are kept apart by network policies; a security group would see only what leaves their node.
}
