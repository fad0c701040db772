variable "kurrent_cidr" {
  description = "Range of the Kurrent network; no subnet of this network can overlap it."
  type        = string
}

variable "name" {
  description = "Name of the VPC network, in the provider's project."
  type        = string
}

variable "nodes_cidr" {
  description = "Primary range of the subnet, used to find it."
  type        = string
}

variable "region" {
  description = "Region of the subnet."
  type        = string
}

variable "secondary_ranges" {
  description = "Required secondary ranges of the subnet, by their names in the plan; each is looked up by its range."
  type        = map(string)
  default     = {}
}
