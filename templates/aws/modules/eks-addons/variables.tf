variable "addons" {
  description = "Names of add-ons; NAME@VERSION pins a version."
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
  description = "Names of add-ons that are always created."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "only" {
  description = "Names of the add-ons that this call creates: some are created before the nodes, some after."
  type        = set(string)
}

variable "region" {
  description = "Region of the cluster, for role names: roles are global."
  type        = string
}
