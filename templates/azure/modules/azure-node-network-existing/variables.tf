variable "cidr_block" {
  description = "Planned range of the VNet; the VNet can also have others."
  type        = string
}

variable "kurrent_cidr" {
  description = "Range of the Kurrent network; the VNet must not overlap it."
  type        = string
}

variable "location" {
  description = "Planned Azure region of the VNet."
  type        = string
}

variable "nodes_cidr" {
  description = "Range of the node subnet, used to find it."
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
