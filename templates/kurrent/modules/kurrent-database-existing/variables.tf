variable "dns_name" {
  description = "DNS name of the database, as Kurrent Cloud shows it."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]+$", var.dns_name))
    error_message = "The dns_name must be a name without scheme, port or path, such as c0brj8.mesdb.eventstore.cloud."
  }
}

variable "topology" {
  description = "Topology of the database; clients of a three-node database discover its nodes."
  type        = string

  validation {
    condition     = contains(["single-node", "three-node-multi-zone"], var.topology)
    error_message = "The topology must be single-node or three-node-multi-zone."
  }
}
