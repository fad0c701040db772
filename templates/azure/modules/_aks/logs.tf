resource "azurerm_monitor_diagnostic_setting" "control_plane" {
  for_each = toset(length(var.settings.control_plane_logs) > 0 ? ["control-plane"] : [])

  name                       = each.key
  target_resource_id         = azurerm_kubernetes_cluster.this.id
  log_analytics_workspace_id = var.settings.log_workspace_id

  # Tables of AKS, such as AKSAudit, which support basic logs.
  log_analytics_destination_type = "Dedicated"

  dynamic "enabled_log" {
    for_each = var.settings.control_plane_logs

    content {
      category = enabled_log.value
    }
  }
}
