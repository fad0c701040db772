# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "cidr_block" {
  description = "Range of the network. Another value makes a new network, a new database and a new peering."
  type        = string
}

variable "name" {
  description = "Name of the project and the network. A network keeps the name it was made with."
  type        = string
}

variable "region" {
  description = "Region of the network."
  type        = string
}

variable "resource_provider" {
  description = "Cloud of the network, in Kurrent Cloud's spelling."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+$", var.resource_provider))
    error_message = "The resource_provider must be in lower case: Kurrent Cloud answers in it, and another spelling replaces the peering."
  }
}
