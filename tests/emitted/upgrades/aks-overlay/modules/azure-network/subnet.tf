# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "azurerm_subnet" "nodes" {
  #checkov:skip=CKV2_AZURE_31:AKS keeps a security group on its nodes; another one would have to let in the clients of each load balancer, too.

  name                 = "default"
  resource_group_name  = azurerm_virtual_network.this.resource_group_name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = [var.nodes_cidr]

  # The way out is the cluster's load balancer or NAT gateway, and not an address
  # that Azure lends to whatever has none.
  default_outbound_access_enabled = false
}
