variable "location" {
  description = "Azure region of the gateway, the same as the VNet's."
  type        = string
}

variable "name" {
  description = "Name of the environment; the gateway is called ng-<name>."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the gateway and its address."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets that reach the internet through the gateway: their ids, by any name."
  type        = map(string)
}

variable "tags" {
  description = "Tags of all created resources."
  type        = map(string)
}

variable "zones" {
  description = "Availability zones of the gateway's address; empty in a region without zones."
  type        = set(string)
}
