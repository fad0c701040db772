variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}

variable "subnets" {
  description = "Ranges of the subnets by name. Azure changes a range only while its subnet is empty."
  type        = map(string)
}

variable "virtual_network_name" {
  description = "Name of the VNet."
  type        = string
}
