variable "cidr_block" {
  description = "Planned range of the VPC; it must be one of its CIDR blocks."
  type        = string
}

variable "node_subnets" {
  description = "Ranges of the node subnets by name: each must be the range of a subnet of the VPC."
  type        = map(string)
}

variable "route_table_ids" {
  description = "Route tables to use; empty selects all of the VPC."
  type        = set(string)
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string

  validation {
    condition     = can(regex("^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", var.vpc_id))
    error_message = "The vpc_id must be the id of a VPC, such as vpc-0a1b2c3d4e5f60718."
  }
}
