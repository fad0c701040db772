# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "name" {
  description = "Suffix of the names of the router and the gateway."
  type        = string
}

variable "network_id" {
  description = "Id or self link of the network."
  type        = string
}

variable "region" {
  description = "Region of the subnet."
  type        = string
}

variable "subnetwork_id" {
  description = "Id of the subnet whose nodes and pods have no public addresses."
  type        = string
}
