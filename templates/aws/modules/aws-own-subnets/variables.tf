variable "name" {
  description = "Suffix of every name tag."
  type        = string
}

variable "subnets" {
  description = "Ranges of the subnets by name. A change replaces the subnet."
  type        = map(string)
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "zones" {
  description = "Zones of the node subnets, by their names such as nodes-1."
  type        = map(string)

  validation {
    condition     = length(var.zones) > 0
    error_message = "Set the zone of at least one node subnet, such as { nodes-1 = \"eu-central-1a\" }."
  }
}
