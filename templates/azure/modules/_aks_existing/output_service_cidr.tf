output "service_cidr" {
  description = "Range of the Kubernetes services."
  value       = local.network.service_cidr

  precondition {
    condition     = local.network.service_cidr == var.service_cidr
    error_message = "The services of the cluster ${var.name} have ${local.network.service_cidr}; the plan has ${var.service_cidr}."
  }
}
