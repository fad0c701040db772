variable "kurrent_cidr" {
  description = "Range of the Kurrent network; no subnet of this network can overlap it."
  type        = string
}

variable "name" {
  description = "Name of the VPC network, in the provider's project."
  type        = string
}

variable "ranges" {
  description = "Ranges that must reach the database, by name; each should be in a range of a subnet."
  type        = map(string)
}
