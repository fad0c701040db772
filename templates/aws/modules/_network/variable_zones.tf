variable "zones" {
  description = "Zones of the node subnets, in order; empty selects the first zones of the region."
  type        = list(string)

  validation {
    condition     = length(distinct(var.zones)) == length(var.zones)
    error_message = "Each node subnet needs a separate zone: list each zone once."
  }
}
