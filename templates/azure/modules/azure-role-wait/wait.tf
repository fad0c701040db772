# The provider of roles sees an assignment before all of Azure does.
# https://github.com/hashicorp/terraform-provider-azurerm/issues/22472
resource "time_sleep" "role" {
  create_duration = "5m"

  triggers = {
    virtual_network_id = var.virtual_network_id
  }
}
