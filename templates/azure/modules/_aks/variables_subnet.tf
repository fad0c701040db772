variable "location" {
  description = "Azure region of the cluster, the same as the VNet's."
  type        = string
}

variable "name" {
  description = "Name of the environment; the cluster is called aks-<name>."
  type        = string
}

variable "node_subnet_cidr" {
  description = "Range of the node subnet, to see whether the nodes fit."
  type        = string
}

variable "node_subnet_id" {
  description = "Id of the node subnet."
  type        = string
}
