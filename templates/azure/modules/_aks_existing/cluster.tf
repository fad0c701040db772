# Read with arguments that are known in every plan, and without a condition of its
# own, which would put it off by a change elsewhere.
data "azurerm_kubernetes_cluster" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
}

locals {
  network = one(data.azurerm_kubernetes_cluster.this.network_profile)
}
