variable "kurrent_cidr" {
  description = "Range of the Kurrent network; the VNet must not overlap it."
  type        = string
}

variable "name" {
  description = "Name of the VNet."
  type        = string
}

variable "ranges" {
  description = "Ranges that must reach the database, by name; each must be in a range of the VNet's address space."
  type        = map(string)
}

variable "resource_group_name" {
  description = "Resource group of the VNet."
  type        = string
}
