variable "acl" {
  description = "Ranges on the access list of the database, by owner."
  type        = map(string)

  validation {
    condition     = length(var.acl) > 0
    error_message = "Set at least one range, such as { office = \"203.0.113.0/24\" }: an empty list allows no address."
  }

  validation {
    condition = alltrue([
      for cidr in values(var.acl) : try(can(cidrnetmask(cidr)) && cidrsubnet(cidr, 0, 0) == cidr, false)
    ])
    error_message = "Each must be an IPv4 range without host bits, such as 203.0.113.0/24."
  }
}
