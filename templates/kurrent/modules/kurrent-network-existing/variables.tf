variable "cidr_block" {
  description = "Range that the network must have: the one that the addresses were planned for."
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
  description = "Region that the network should be in."
  type        = string
}

variable "resource_provider" {
  description = "Cloud that the network must be on, in Kurrent Cloud's spelling."
  type        = string
}
