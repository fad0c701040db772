resource "azurerm_subnet_nat_gateway_association" "this" {
  for_each = var.subnet_ids

  subnet_id      = each.value
  nat_gateway_id = azurerm_nat_gateway.this.id

  # A subnet needs a gateway with an address for outbound traffic.
  depends_on = [azurerm_nat_gateway_public_ip_association.this]
}
