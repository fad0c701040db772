# Read in each plan. Inside the check, it would make every plan one with changes: Terraform then
# reads it again in an apply.
data "azurerm_virtual_network" "peered" {
  # The id orders this after the peering. With depends_on, each change of the network would delay
  # the check until apply.
  name                = length(module.kurrent_peering.peering_id) > 0 ? split("/", module.kurrent_peering.peer.network_id)[8] : null
  resource_group_name = split("/", module.kurrent_peering.peer.network_id)[4]
}

# Kurrent Cloud creates both halves of the peering: this checks that yours exists in Azure.
check "peering" {
  assert {
    condition     = contains(data.azurerm_virtual_network.peered.vnet_peerings_addresses, module.kurrent_network.cidr_block)
    error_message = "The VNet has no peering with ${module.kurrent_network.cidr_block}, so it cannot reach the database. Check the peering in Kurrent Cloud's console."
  }
}
