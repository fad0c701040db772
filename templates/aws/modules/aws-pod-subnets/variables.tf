variable "name" {
  description = "Suffix of every name tag."
  type        = string
}

variable "pod_subnets" {
  description = "Ranges of the pod subnets by name; each becomes a CIDR block of the VPC. A change replaces the subnet."
  type        = map(string)

  # https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
  validation {
    condition     = length(var.pod_subnets) >= 1 && length(var.pod_subnets) <= 4
    error_message = "A VPC has at most five CIDR blocks, including its first: set one to four ranges for pods, such as pods-1 and pods-2."
  }
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
