# A new role assignment is visible to the provider before it is effective everywhere in Azure.
# https://github.com/hashicorp/terraform-provider-azurerm/issues/22472
resource "time_sleep" "role" {
  create_duration = "5m"

  triggers = {
    virtual_network_id = var.virtual_network_id
  }
}
