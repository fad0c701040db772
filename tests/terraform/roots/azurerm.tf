terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
  }
}

provider "azurerm" {
  features {}
}

resource "azurerm_kubernetes_cluster" "this" {
  name                = "example"
  location            = "westeurope"
  resource_group_name = "example"
  dns_prefix          = "example"
  default_node_pool {
    name    = "system"
    vm_size = "Standard_D2s_v5"
  }
  identity {
    type = "SystemAssigned"
  }
  node_provisioning_profile {
    mode = "Manual"
  }
  network_profile {
    network_plugin = "azure"
  }
}
