variable "expected_cidr" {
  description = "Range that the peering was planned for: AKS should give it to its VNet."
  type        = string
}

variable "location" {
  description = "Azure region of the cluster."
  type        = string
}

variable "name" {
  description = "Name of the environment; the cluster is called aks-<name>."
  type        = string
}

variable "pod_cidr" {
  description = "Range of the pods, hidden behind their node's address. Another value makes a new cluster."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
}

variable "service_cidr" {
  description = "Range of the Kubernetes services. Another value makes a new cluster."
  type        = string
}

variable "settings" {
  description = "Settings of the cluster and its nodes."
  type = object({
    admin_group_ids        = set(string)
    endpoint_access_ranges = set(string)
    node_size              = string
    nodes_max              = number
    nodes_min              = number
    nodes_surge            = number
    pods_per_node          = number
    sku_tier               = string
    version                = optional(string)
    zones                  = set(string)
  })

  # A node takes a /24 of the pods, and kubenet routes to 400 nodes at most.
  validation {
    condition     = var.settings.nodes_max + var.settings.nodes_surge <= min(400, pow(2, 24 - split("/", var.pod_cidr)[1]))
    error_message = "The pods' range ${var.pod_cidr} has a /24 for ${min(400, pow(2, 24 - split("/", var.pod_cidr)[1]))} nodes; nodes_max + nodes_surge is more."
  }
}
