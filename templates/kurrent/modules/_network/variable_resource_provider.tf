variable "resource_provider" {
  description = "Cloud of the network, as Kurrent Cloud spells it."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+$", var.resource_provider))
    error_message = "The resource_provider must be in lower case, as Kurrent Cloud returns it: another spelling replaces the peering."
  }
}
