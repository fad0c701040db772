# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "cidr_block" {
  description = "Range of the VPC. Another value makes a new VPC."
  type        = string
}

variable "name" {
  description = "Suffix of every name tag."
  type        = string
}

variable "node_subnets" {
  description = "Ranges of the node subnets by name; the names in sort order take one zone each."
  type        = map(string)

  validation {
    condition     = length(var.node_subnets) >= 2
    error_message = "EKS needs subnets in at least two zones, such as nodes-1 and nodes-2."
  }
}

variable "zones" {
  description = "Names of the zones that the node subnets take in their order; none means the first ones of the region."
  type        = list(string)

  validation {
    condition     = length(distinct(var.zones)) == length(var.zones)
    error_message = "Each node subnet takes a zone of its own: name none twice."
  }
}
