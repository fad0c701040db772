# Known arguments only and no condition here: either would delay the lookup when
# another resource changes.
data "azurerm_kubernetes_cluster" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
}

locals {
  network = one(data.azurerm_kubernetes_cluster.this.network_profile)
}
