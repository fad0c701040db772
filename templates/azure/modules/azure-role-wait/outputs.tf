output "virtual_network_id" {
  description = "Id of the VNet, available once Kurrent Cloud's role on it is effective."
  value       = var.virtual_network_id

  # A consumer of this id waits.
  depends_on = [time_sleep.role]
}
