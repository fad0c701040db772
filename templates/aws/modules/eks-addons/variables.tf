variable "addons" {
  description = "Names of add-ons, each with a version after an @ or without one."
  type        = list(string)
}

variable "cluster" {
  description = "The cluster that gets the add-ons."
  type        = object({ id = string, version = string })
}

variable "configuration" {
  description = "Configuration values of add-ons, as JSON by name."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "name" {
  description = "Name of the cluster, for role names."
  type        = string
}

variable "needed" {
  description = "Names of add-ons that are made whether the list has them or not."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "only" {
  description = "Names of those of the add-ons that are made by this call: some come before the nodes, some need them."
  type        = set(string)
}

variable "region" {
  description = "Region of the cluster, for role names: roles know no region."
  type        = string
}
