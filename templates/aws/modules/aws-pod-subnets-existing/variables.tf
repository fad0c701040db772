variable "pod_subnets" {
  description = "Ranges of the pod subnets by name: each must be the range of a subnet of the VPC."
  type        = map(string)
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "zones" {
  description = "Zone of each pod subnet, by its name: the zone of the nodes whose pods it serves."
  type        = map(string)

  validation {
    condition     = keys(var.zones) == keys(var.pod_subnets)
    error_message = "A zone with nodes needs a pod subnet, and a pod subnet nodes: where nodes-3 is, there must be pods-3."
  }
}
