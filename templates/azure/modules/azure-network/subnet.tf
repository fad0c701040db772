resource "azurerm_subnet" "nodes" {
  name                 = "default"
  resource_group_name  = azurerm_virtual_network.this.resource_group_name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = [var.nodes_cidr]

  # Outbound traffic leaves by the cluster's load balancer or NAT gateway, not by Azure's
  # default outbound address.
  default_outbound_access_enabled = false

  #checkov:skip=CKV2_AZURE_31:AKS sets a security group on nodes; another one would also have to allow the clients of each load balancer.
}
