variable "cidr_block" {
  description = "Range that the VNet was planned to have, alone or among others."
  type        = string
}

variable "kurrent_cidr" {
  description = "Range of the Kurrent network, which the ranges of the VNet must not overlap."
  type        = string
}

variable "location" {
  description = "Azure region that the VNet was planned to be in."
  type        = string
}

variable "nodes_cidr" {
  description = "Range of the node subnet, by which it is found."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}

variable "virtual_network_name" {
  description = "Name of the VNet."
  type        = string
}
