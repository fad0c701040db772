variable "name" {
  description = "Suffix of every name tag."
  type        = string
}

variable "subnets" {
  description = "Ranges of the subnets by name. Another range makes a new subnet."
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
    error_message = "Name the zone of one node subnet at least, such as { nodes-1 = \"eu-central-1a\" }."
  }
}
