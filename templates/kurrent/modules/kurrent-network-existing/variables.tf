variable "cidr_block" {
  description = "Planned range of the network; the network must have it."
  type        = string
}

variable "name" {
  description = "Name of the network, as it is written in Kurrent Cloud."
  type        = string
}

variable "project_name" {
  description = "Name of the project that the network is in, as it is written in Kurrent Cloud."
  type        = string
}

variable "region" {
  description = "Expected region of the network."
  type        = string
}

variable "resource_provider" {
  description = "Required cloud of the network, as Kurrent Cloud spells it."
  type        = string
}
