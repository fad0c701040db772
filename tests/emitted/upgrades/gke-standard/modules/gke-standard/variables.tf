# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "name" {
  description = "Suffix of the names of the cluster and of its nodes' account."
  type        = string
}

variable "network_id" {
  description = "Id or self link of the network."
  type        = string
}

variable "nodes_cidr" {
  description = "Primary range of the subnet, which the nodes must fit into."
  type        = string
}

variable "pods_cidr" {
  description = "Secondary range for pods, which the nodes' blocks must fit into."
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
  description = "Region of the cluster."
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
    disk_size              = number
    disk_type              = string
    dns_access             = bool
    endpoint_access_ranges = set(string)
    machine_type           = string
    max_pods_per_node      = number
    nodes_max              = number
    nodes_min              = number
    nodes_surge            = number
    release_channel        = string
    zones                  = list(string)
  })

  validation {
    condition     = alltrue([for zone in var.settings.zones : startswith(zone, "${var.region}-")])
    error_message = "The zones must be of ${var.region}, such as ${var.region}-b."
  }

  # Google keeps four addresses of the subnet, and the control plane takes one.
  validation {
    condition     = var.settings.nodes_max + var.settings.nodes_surge + 5 <= pow(2, 32 - split("/", var.nodes_cidr)[1])
    error_message = "The subnet ${var.nodes_cidr} is too small for nodes_max + nodes_surge + 5 addresses."
  }

  # A node's block holds at least twice as many addresses as it may run pods.
  # https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing
  validation {
    condition     = (var.settings.nodes_max + var.settings.nodes_surge) * pow(2, ceil(log(2 * var.settings.max_pods_per_node, 2))) <= pow(2, 32 - split("/", var.pods_cidr)[1])
    error_message = "The pods' range ${var.pods_cidr} is too small for nodes_max + nodes_surge nodes, each with a block of ${pow(2, ceil(log(2 * var.settings.max_pods_per_node, 2)))} addresses."
  }
}

variable "subnetwork_id" {
  description = "Id of the subnet of the nodes."
  type        = string
}
