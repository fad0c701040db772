run "a_peering_that_azure_does_not_have_is_warned_of" {
  override_data {
    target = data.azurerm_virtual_network.peered
    values = {
      vnet_peerings_addresses = ["192.0.2.0/24"]
    }
  }

  expect_failures = [check.peering]
}
