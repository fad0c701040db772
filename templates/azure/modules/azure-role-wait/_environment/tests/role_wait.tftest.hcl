mock_provider "time" {}

variables {
  virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock"
}

run "a_role_on_another_vnet_waits_again" {
  module {
    source = "../../modules/azure-role-wait"
  }

  assert {
    condition     = time_sleep.role.create_duration == "5m" && time_sleep.role.triggers["virtual_network_id"] == var.virtual_network_id
    error_message = "The peering is created before its role takes effect."
  }

  assert {
    condition     = output.virtual_network_id == var.virtual_network_id
    error_message = "The peering has another VNet than the one with the role."
  }
}
