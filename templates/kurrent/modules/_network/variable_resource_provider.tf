variable "resource_provider" {
  description = "Cloud of the network, in Kurrent Cloud's spelling."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+$", var.resource_provider))
    error_message = "The resource_provider must be in lower case: Kurrent Cloud answers in it, and another spelling replaces the peering."
  }
}
