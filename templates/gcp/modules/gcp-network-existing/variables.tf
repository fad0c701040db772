variable "kurrent_cidr" {
  description = "Range of the Kurrent network: no subnet of this one may overlap it."
  type        = string
}

variable "name" {
  description = "Name of the VPC network, in the project that the provider is set to."
  type        = string
}

variable "ranges" {
  description = "Ranges that must reach the database, by name: each should lie in a range of a subnet."
  type        = map(string)
}
