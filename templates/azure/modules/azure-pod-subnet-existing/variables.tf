variable "cidr_block" {
  description = "Range of the pods, used to find their subnet."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}

variable "subnet_names" {
  description = "Names of all subnets of the VNet."
  type        = list(string)
}

variable "virtual_network_name" {
  description = "Name of the VNet."
  type        = string
}
