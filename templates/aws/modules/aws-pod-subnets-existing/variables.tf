variable "pod_subnets" {
  description = "Ranges of the pod subnets by name: each must be the range of a subnet of the VPC."
  type        = map(string)
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "zones" {
  description = "Zone of each pod subnet, by its name: the zone of its nodes."
  type        = map(string)

  validation {
    condition     = keys(var.zones) == keys(var.pod_subnets)
    error_message = "Each nodes-N range needs a pods-N range, and each pods-N range a nodes-N range."
  }
}
