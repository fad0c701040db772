variable "zones" {
  description = "Names of the zones that the node subnets take in their order; none means the first ones of the region."
  type        = list(string)

  validation {
    condition     = length(distinct(var.zones)) == length(var.zones)
    error_message = "Each node subnet takes a zone of its own: name none twice."
  }
}
