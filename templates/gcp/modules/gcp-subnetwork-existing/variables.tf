variable "kurrent_cidr" {
  description = "Range of the Kurrent network: no subnet of this one may overlap it."
  type        = string
}

variable "name" {
  description = "Name of the VPC network, in the project that the provider is set to."
  type        = string
}

variable "nodes_cidr" {
  description = "Primary range of the subnet, which is found by it."
  type        = string
}

variable "region" {
  description = "Region of the subnet."
  type        = string
}

variable "secondary_ranges" {
  description = "Secondary ranges that the subnet must have, by their names in the plan; each is found by its range."
  type        = map(string)
  default     = {}
}
