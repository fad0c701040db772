# Kurrent Cloud makes both halves of the peering: this asks Azure whether yours is there.
check "peering" {
  data "azurerm_virtual_network" "peered" {
    # Once there is a peering, it has an id. With depends_on, each change of the
    # network would leave the answer open until it is applied.
    name                = length(module.kurrent_peering.peering_id) > 0 ? split("/", module.kurrent_peering.peer.network_id)[8] : null
    resource_group_name = split("/", module.kurrent_peering.peer.network_id)[4]
  }

  assert {
    condition     = contains(data.azurerm_virtual_network.peered.vnet_peerings_addresses, module.kurrent_network.cidr_block)
    error_message = "The VNet has no peering with ${module.kurrent_network.cidr_block}, so nothing in it reaches the database. Look at the peering in Kurrent Cloud's console."
  }
}
