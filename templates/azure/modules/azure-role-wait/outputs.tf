output "virtual_network_id" {
  description = "Id of the VNet, once Kurrent Cloud's role on it has taken effect."
  value       = var.virtual_network_id

  # A consumer of this id waits.
  depends_on = [time_sleep.role]
}
