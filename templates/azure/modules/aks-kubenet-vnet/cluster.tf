resource "azurerm_kubernetes_cluster" "this" {
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

  default_node_pool {
    name                 = "default"
    vm_size              = var.settings.node_size
    orchestrator_version = var.settings.version
    zones                = var.settings.zones
    vnet_subnet_id       = var.node_subnet_id
    auto_scaling_enabled = true
    min_count            = var.settings.nodes_min
    max_count            = var.settings.nodes_max
    max_pods             = var.settings.pods_per_node

    # Without it, a change of the nodes' size or zones is refused.
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
    network_plugin = "kubenet"
    pod_cidr       = var.pod_cidr
    service_cidr   = var.service_cidr
    dns_service_ip = cidrhost(var.service_cidr, 10)
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
    }
  }

  # While it makes the cluster, AKS joins nodes to the subnet and writes routes.
  depends_on = [
    azurerm_role_assignment.route_table,
    azurerm_role_assignment.virtual_network,
    azurerm_subnet_route_table_association.nodes,
  ]
}
