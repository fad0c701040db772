variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}

variable "subnets" {
  description = "Ranges of the subnets by name. Azure changes none while something is in it."
  type        = map(string)
}

variable "virtual_network_name" {
  description = "Name of the VNet."
  type        = string
}
