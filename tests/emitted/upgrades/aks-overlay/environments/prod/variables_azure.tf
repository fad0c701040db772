# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "create_service_principal" {
  description = <<-EOT
    Whether this environment creates the service principal of Kurrent Cloud's
    application. A tenant has one: the other environments look it up. Change it
    with options.service_principal in escscaffold.toml.
  EOT
  type        = bool
  default     = true
  nullable    = false
}
