variable "location" {
  description = "Azure region of the cluster, the same as the VNet's."
  type        = string
}

variable "name" {
  description = "Name of the environment; the cluster is called aks-<name>."
  type        = string
}

variable "network_cidr" {
  description = "Range of the VNet; the cluster's internal ranges must not overlap it."
  type        = string
}

variable "node_subnet_cidr" {
  description = "Range of the node subnet, to check that the nodes fit."
  type        = string
}

variable "node_subnet_id" {
  description = "Id of the node subnet."
  type        = string
}

variable "outbound_type" {
  description = "How the nodes reach the internet: loadBalancer, or userAssignedNATGateway if the subnet has a gateway."
  type        = string

  validation {
    condition     = contains(["loadBalancer", "userAssignedNATGateway"], var.outbound_type)
    error_message = "The outbound_type must be loadBalancer or userAssignedNATGateway."
  }
}
