resource "azurerm_subnet" "own" {
  for_each = var.subnets

  name                 = each.key
  resource_group_name  = var.resource_group_name
  virtual_network_name = var.virtual_network_name
  address_prefixes     = [each.value]

  # No default outbound access: add a NAT gateway if the internet is needed.
  default_outbound_access_enabled = false

  #checkov:skip=CKV2_AZURE_31:The file that adds resources to the subnet associates a security group.
}
