locals {
  # azurerm has no default tags, so the modules pass them on.
  tags = merge(var.tags, {
    environment = var.environment
    managed-by  = "terraform"
  })
}

resource "azurerm_resource_group" "this" {
  name     = "rg-${var.environment}"
  location = var.region
  tags     = local.tags
}
