variable "flow_logs" {
  description = "Whether the subnet logs a part of its flows. Google Cloud bills flow logs."
  type        = bool
  default     = true
}

variable "name" {
  description = "Suffix of the names of the network and the subnet."
  type        = string
}

variable "nodes_cidr" {
  description = "Primary range of the subnet. It can grow in place; any other change replaces the subnet."
  type        = string

  validation {
    condition     = try(cidrsubnet(var.nodes_cidr, 0, 0) == var.nodes_cidr, false)
    error_message = "The nodes_cidr must be an IPv4 range without host bits, such as 10.20.0.0/16: Google Cloud refuses others only during apply."
  }
}

variable "region" {
  description = "Region of the subnet."
  type        = string
}

variable "secondary_ranges" {
  description = "Secondary ranges of the subnet, by the name that a cluster refers to."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for cidr in values(var.secondary_ranges) : try(cidrsubnet(cidr, 0, 0) == cidr, false)])
    error_message = "Each of the secondary_ranges must be an IPv4 range without host bits, such as 10.24.0.0/17."
  }
}
