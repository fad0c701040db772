mock_provider "azurerm" {
  mock_resource "azurerm_nat_gateway" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/natGateways/mock"
    }
  }

  mock_resource "azurerm_public_ip" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/publicIPAddresses/mock"
    }
  }
}

variables {
  location            = "westeurope"
  name                = "test"
  resource_group_name = "test"
  tags                = { team = "payments" }
  zones               = ["1", "2", "3"]

  subnet_ids = {
    nodes = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.Network/virtualNetworks/mock/subnets/nodes"
  }
}

run "the_gateway_has_an_address_and_the_subnets_have_the_gateway" {
  module {
    source = "../../modules/azure-nat"
  }

  assert {
    condition = [azurerm_nat_gateway_public_ip_association.this.nat_gateway_id, azurerm_nat_gateway_public_ip_association.this.public_ip_address_id] == [
      azurerm_nat_gateway.this.id, azurerm_public_ip.this.id
    ]
    error_message = "The gateway has no public address."
  }

  assert {
    condition     = { for name, association in azurerm_subnet_nat_gateway_association.this : association.subnet_id => association.nat_gateway_id } == { (var.subnet_ids.nodes) = azurerm_nat_gateway.this.id }
    error_message = "A subnet does not use the NAT gateway."
  }
}
