# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "azurerm_kubernetes_cluster" "this" {
  #checkov:skip=CKV_AZURE_4:What to log, where and for how much is for whoever runs the monitoring; a workspace is not made here.
  #checkov:skip=CKV_AZURE_115:settings.private_cluster makes it private; off, because nothing here leads into the VNet from where kubectl runs.
  #checkov:skip=CKV_AZURE_116:settings.azure_policy is on, unless it is turned off.
  #checkov:skip=CKV_AZURE_117:Azure encrypts the disks with keys of its own; keys of yours need a Key Vault, which is not made here.
  #checkov:skip=CKV_AZURE_168:settings.pods_per_node is what the ranges are sized for, and may be fewer than 50.
  #checkov:skip=CKV_AZURE_170:settings.sku_tier is Standard, with an SLA, unless it is set to Free.
  #checkov:skip=CKV_AZURE_172:The Key Vault add-on is not installed: nothing here has a secret.
  #checkov:skip=CKV_AZURE_226:settings.os_disk_type is Ephemeral, unless it is set to Managed for a node size without a local disk.
  #checkov:skip=CKV_AZURE_227:settings.host_encryption turns it on; off, because the subscription must have the feature EncryptionAtHost first.
  #checkov:skip=CKV_AZURE_232:This is the only node pool, so that applications run on it as well.

  name                = "aks-${var.name}"
  location            = var.location
  resource_group_name = var.resource_group_name
  dns_prefix          = "aks-${var.name}"
  kubernetes_version  = var.settings.version
  sku_tier            = var.settings.sku_tier
  tags                = var.tags

  # Long-term support is what Premium is for, and has to be asked for besides.
  support_plan = var.settings.sku_tier == "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial"

  automatic_upgrade_channel = var.settings.upgrade_channel == "none" ? null : var.settings.upgrade_channel
  node_os_upgrade_channel   = var.settings.node_os_upgrade_channel

  local_account_disabled  = length(var.settings.admin_group_ids) > 0
  azure_policy_enabled    = var.settings.azure_policy
  private_cluster_enabled = var.settings.private_cluster

  # It lets whoever may change the cluster run commands as its administrator. A
  # private cluster has no other way in from outside the VNet.
  run_command_enabled = var.settings.private_cluster

  # AKS itself removes unused images once a week; azurerm leaves them.
  image_cleaner_enabled        = true
  image_cleaner_interval_hours = 168

  # azurerm 4 and 5 differ in the default, and turning it off makes a new cluster.
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  default_node_pool {
    name                    = "default"
    vm_size                 = var.settings.node_size
    os_sku                  = var.settings.os_sku
    os_disk_type            = var.settings.os_disk_type
    os_disk_size_gb         = var.settings.os_disk_size
    host_encryption_enabled = var.settings.host_encryption
    orchestrator_version    = var.settings.version
    zones                   = var.settings.zones
    tags                    = var.tags

    vnet_subnet_id = var.node_subnet_id

    auto_scaling_enabled = true
    min_count            = var.settings.nodes_min
    max_count            = var.settings.nodes_max
    max_pods             = var.settings.pods_per_node

    # Without it, a change of the nodes' size, disks or zones is refused.
    temporary_name_for_rotation = "rotation"

    upgrade_settings {
      max_surge = tostring(var.settings.nodes_surge)
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    pod_cidr            = var.pod_cidr

    network_data_plane = var.settings.network_policy == "cilium" ? "cilium" : "azure"
    network_policy     = var.settings.network_policy == "none" ? null : var.settings.network_policy
    outbound_type      = var.outbound_type
    service_cidr       = var.service_cidr
    dns_service_ip     = cidrhost(var.service_cidr, 10)
  }

  # azurerm 5 wants the choice, and Karpenter would make nodes that nobody counted.
  node_provisioning_profile {
    mode = "Manual"
  }

  dynamic "api_server_access_profile" {
    for_each = length(var.settings.endpoint_access_ranges) > 0 ? ["restricted"] : []

    content {
      authorized_ip_ranges = var.settings.endpoint_access_ranges
    }
  }

  dynamic "azure_active_directory_role_based_access_control" {
    for_each = length(var.settings.admin_group_ids) > 0 ? ["entra"] : []

    content {
      admin_group_object_ids = var.settings.admin_group_ids

      # Besides the groups, Azure's roles for Kubernetes let people in.
      azure_rbac_enabled = true
    }
  }

  # AKS joins its nodes to the subnet while it makes the cluster.
  depends_on = [azurerm_role_assignment.node_subnet]
}
