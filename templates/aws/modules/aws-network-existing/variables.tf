variable "ranges" {
  description = "Ranges that must reach the database, by name; each must be in a CIDR block of the VPC."
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
