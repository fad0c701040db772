variable "create_service_principal" {
  description = "Whether to create the service principal of Kurrent Cloud's application. A tenant has one: create it in one environment, look it up in others."
  type        = bool
  nullable    = false
  default     = true
}

variable "kurrent_client_id" {
  description = "Application (client) id of Kurrent Cloud, from https://registry.terraform.io/providers/kurrent-io/kurrentcloud/latest/docs/guides/azure."
  type        = string
  default     = "38bd60cb-6efa-49e8-a1cd-3b9f61d9435e"

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.kurrent_client_id))
    error_message = "The kurrent_client_id must be a GUID in lower case, such as 38bd60cb-6efa-49e8-a1cd-3b9f61d9435e."
  }
}

variable "name" {
  description = "Name of the environment, for the name of the role."
  type        = string
}

variable "virtual_network_id" {
  description = "VNet that Kurrent Cloud may peer with."
  type        = string
}
