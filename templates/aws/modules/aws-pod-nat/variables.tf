variable "name" {
  description = "Suffix of every name tag."
  type        = string
}

variable "pod_subnet_ids" {
  description = "Ids of the pod subnets, by name."
  type        = map(string)
}

variable "public_subnet_ids" {
  description = "Ids of public subnets for the NAT gateways, each by the name of the pod subnet in the same zone."
  type        = map(string)

  validation {
    condition     = keys(var.public_subnet_ids) == keys(var.pod_subnet_ids)
    error_message = "Each pod subnet needs a public subnet in its zone for its NAT gateway, by the same name, such as pods-1."
  }
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}
