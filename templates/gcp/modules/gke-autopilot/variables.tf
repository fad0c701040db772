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
  nullable    = false

  validation {
    condition     = var.pods_range_name != ""
    error_message = "Name the secondary range for pods: without one GKE picks a range, and the peering does not know it."
  }
}

variable "private_nodes" {
  description = "Whether nodes have private addresses only. Then a NAT gateway lets them reach the internet."
  type        = bool
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
  description = "Settings of the cluster."
  type = object({
    control_plane_logs     = optional(list(string), [])
    deletion_protection    = bool
    disk_key               = optional(string)
    dns_access             = bool
    endpoint_access_ranges = set(string)
    maintenance_day        = optional(string, "none")
    maintenance_hours      = optional(number, 12)
    maintenance_start      = optional(string, "02:00")
    release_channel        = string
    secrets_key            = optional(string)
  })
}

variable "subnetwork_id" {
  description = "Id of the subnet of the nodes."
  type        = string
}
