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

  # One address for a node and each of its pods; Azure keeps five of a subnet.
  validation {
    condition     = (var.settings.nodes_max + var.settings.nodes_surge) * (var.settings.pods_per_node + 1) + 5 <= pow(2, 32 - split("/", var.node_subnet_cidr)[1])
    error_message = "The node subnet ${var.node_subnet_cidr} is too small for (nodes_max + nodes_surge) * (pods_per_node + 1) + 5 addresses."
  }
}

variable "virtual_network_id" {
  description = "Id of the VNet that holds the node subnet."
  type        = string
}
