variable "name" {
  description = "Suffix of the names of the cluster and of its nodes' account."
  type        = string
}

variable "network_id" {
  description = "Id or self link of the network."
  type        = string
}

variable "pods_cidr" {
  description = "Cluster range: pods, and services in its last /20. Another range makes a new cluster."
  type        = string
}

variable "region" {
  description = "Region of the cluster; its nodes stand in three zones of it."
  type        = string
}

variable "settings" {
  description = "Settings of the cluster and its nodes."
  type = object({
    deletion_protection    = bool
    endpoint_access_ranges = set(string)
    machine_type           = string
    nodes_max              = number
    nodes_min              = number
    release_channel        = string
  })
}

variable "subnetwork_id" {
  description = "Id of the subnet of the nodes."
  type        = string
}
