# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "name" {
  description = "Suffix of the names of the cluster and of its nodes' account."
  type        = string
}

variable "network_id" {
  description = "Id or self link of the network."
  type        = string
}

variable "pods_range_name" {
  description = "Name of the subnet's secondary range for pods. Another range makes a new cluster."
  type        = string
}

variable "region" {
  description = "Region of the cluster; its nodes stand in three zones of it."
  type        = string
}

variable "services_range_name" {
  description = "Name of the subnet's secondary range for Kubernetes services; null leaves them to GKE. Another range makes a new cluster."
  type        = string
  default     = null
}

variable "settings" {
  description = "Settings of the cluster and its nodes. Another max_pods_per_node makes a new cluster."
  type = object({
    deletion_protection    = bool
    endpoint_access_ranges = set(string)
    machine_type           = string
    max_pods_per_node      = number
    nodes_max              = number
    nodes_min              = number
    release_channel        = string
  })
}

variable "subnetwork_id" {
  description = "Id of the subnet of the nodes."
  type        = string
}
