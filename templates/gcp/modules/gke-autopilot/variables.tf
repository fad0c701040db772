variable "name" {
  description = "Suffix of the names of the cluster and of its nodes' account."
  type        = string
}

variable "network_id" {
  description = "Id or self link of the network."
  type        = string
}

variable "pods_range_name" {
  description = "Name of the subnet's secondary range for pods. A change replaces the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = var.pods_range_name != ""
    error_message = "Set the secondary range for pods: otherwise GKE chooses a range outside the peering routes."
  }
}

variable "private_nodes" {
  description = "Whether nodes have only private addresses, and reach the internet through a NAT gateway."
  type        = bool
}

variable "region" {
  description = "Region of the cluster; its nodes are in three of its zones."
  type        = string
}

variable "services_range_name" {
  description = "Name of the subnet's secondary range for Kubernetes services; null leaves them to GKE. A change replaces the cluster."
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
