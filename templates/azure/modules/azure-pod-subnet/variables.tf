variable "cidr_block" {
  description = "Range of the pods, inside the VNet and outside its other subnets."
  type        = string

  # AKS allocates at most the addresses of a /16.
  validation {
    condition = try(
      cidrsubnet(var.cidr_block, 0, 0) == var.cidr_block
      && tonumber(split("/", var.cidr_block)[1]) >= 16,
      false
    )
    error_message = "The cidr_block must be a range without host bits, a /16 or smaller, such as 10.20.64.0/18."
  }
}

variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}

variable "virtual_network_name" {
  description = "Name of the VNet."
  type        = string
}
