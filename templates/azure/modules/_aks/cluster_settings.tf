  name                = "aks-${var.name}"
  location            = var.location
  resource_group_name = var.resource_group_name
  dns_prefix          = "aks-${var.name}"
  kubernetes_version  = var.settings.version
  sku_tier            = var.settings.sku_tier
  tags                = var.tags

  # Long-term support requires the Premium tier and this argument.
  support_plan = var.settings.sku_tier == "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial"

  automatic_upgrade_channel = var.settings.upgrade_channel == "none" ? null : var.settings.upgrade_channel
  node_os_upgrade_channel   = var.settings.node_os_upgrade_channel

  local_account_disabled  = length(var.settings.admin_group_ids) > 0
  azure_policy_enabled    = var.settings.azure_policy
  private_cluster_enabled = var.settings.private_cluster

  # Everyone with permission to update the cluster can run commands as its administrator. For a
  # private cluster, this is the only access from outside the VNet.
  run_command_enabled = var.settings.private_cluster

  # AKS itself removes unused images once a week; azurerm leaves them.
  image_cleaner_enabled        = true
  image_cleaner_interval_hours = 168

  # Explicit, because azurerm 4 and 5 differ in the default. Turning it off replaces the cluster.
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  # Disks of nodes and of volumes. Another set, or none, replaces the cluster.
  disk_encryption_set_id = var.settings.disk_encryption_set_id
