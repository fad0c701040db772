variable "create_service_principal" {
  description = <<-EOT
    Whether this environment makes the service principal of Kurrent Cloud's
    application. A tenant has one: set false where it is there already.
  EOT
  type        = bool
  default     = true
  nullable    = false
}
