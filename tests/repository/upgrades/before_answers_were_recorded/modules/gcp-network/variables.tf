# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "name" {
  description = "Suffix of the names of the network and the subnet."
  type        = string
}

variable "nodes_cidr" {
  description = "Primary range of the subnet. It can grow in place; anything else makes a new subnet."
  type        = string
}

variable "region" {
  description = "Region of the subnet."
  type        = string
}

variable "secondary_ranges" {
  description = "Secondary ranges of the subnet, by the name that a cluster finds them by."
  type        = map(string)
  default     = {}
}
