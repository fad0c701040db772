variable "cidr_block" {
  description = "Range of the VNet."
  type        = string

  validation {
    condition     = try(cidrsubnet(var.cidr_block, 0, 0) == var.cidr_block, false)
    error_message = "The cidr_block must be a range without host bits, such as 10.20.0.0/16."
  }
}

variable "location" {
  description = "Azure region of the VNet."
  type        = string
}

variable "name" {
  description = "Name of the environment; the VNet is called vnet-<name>."
  type        = string
}

variable "nodes_cidr" {
  description = "Range of the node subnet, inside the VNet."
  type        = string

  validation {
    condition = try(
      cidrsubnet(var.nodes_cidr, 0, 0) == var.nodes_cidr
      && cidrsubnet("${split("/", var.nodes_cidr)[0]}/${split("/", var.cidr_block)[1]}", 0, 0) == var.cidr_block
      && tonumber(split("/", var.nodes_cidr)[1]) >= tonumber(split("/", var.cidr_block)[1]),
      false
    )
    error_message = "The nodes_cidr must be a range without host bits inside the cidr_block, such as 10.20.0.0/20 inside 10.20.0.0/16."
  }
}

variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}

variable "tags" {
  description = "Tags of the VNet; a subnet has none."
  type        = map(string)
}
