  name                      = "aks-${var.name}"
  location                  = var.location
  resource_group_name       = var.resource_group_name
  dns_prefix                = "aks-${var.name}"
  sku_tier                  = var.settings.sku_tier
  kubernetes_version        = var.settings.version
  automatic_upgrade_channel = "patch"
  local_account_disabled    = length(var.settings.admin_group_ids) > 0
  workload_identity_enabled = true

  # azurerm 4 and 5 differ in the default, and turning it off makes a new cluster.
  oidc_issuer_enabled = true
