# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "location" {
  description = "Azure region of the cluster, the same as the VNet's."
  type        = string
}

variable "name" {
  description = "Name of the environment; the cluster is called aks-<name>."
  type        = string
}

variable "network_cidr" {
  description = "Range of the VNet, which the cluster's own ranges must keep off."
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

variable "outbound_type" {
  description = "How the nodes reach the internet: loadBalancer, or userAssignedNATGateway where the subnet has a gateway."
  type        = string

  validation {
    condition     = contains(["loadBalancer", "userAssignedNATGateway"], var.outbound_type)
    error_message = "The outbound_type must be loadBalancer or userAssignedNATGateway."
  }
}

variable "pod_cidr" {
  description = "Range of the pods, hidden behind their node's address. Another value makes a new cluster."
  type        = string

  validation {
    condition = (
      cidrhost("${split("/", var.pod_cidr)[0]}/${min(split("/", var.network_cidr)[1], split("/", var.pod_cidr)[1])}", 0)
      != cidrhost("${split("/", var.network_cidr)[0]}/${min(split("/", var.network_cidr)[1], split("/", var.pod_cidr)[1])}", 0)
    )
    error_message = "The pod_cidr overlaps the VNet's ${var.network_cidr}: what is there could not be reached from a pod."
  }
}

variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
}

variable "service_cidr" {
  description = "Range of the Kubernetes services. Another value makes a new cluster."
  type        = string

  # Nobody else refuses it before the cluster is made. Two ranges overlap when, cut
  # to the shorter length, they are the same.
  validation {
    condition = alltrue([
      for cidr in [var.network_cidr, var.pod_cidr] :
      cidrhost("${split("/", cidr)[0]}/${min(split("/", cidr)[1], split("/", var.service_cidr)[1])}", 0)
      != cidrhost("${split("/", var.service_cidr)[0]}/${min(split("/", cidr)[1], split("/", var.service_cidr)[1])}", 0)
    ])
    error_message = "The service_cidr overlaps one of ${join(", ", [var.network_cidr, var.pod_cidr])}: what is there could not be reached from the cluster."
  }
}

variable "settings" {
  description = "Settings of the cluster and its nodes."
  type = object({
    admin_group_ids         = set(string)
    azure_policy            = bool
    endpoint_access_ranges  = set(string)
    host_encryption         = bool
    network_policy          = string
    node_os_upgrade_channel = string
    node_size               = string
    nodes_max               = number
    nodes_min               = number
    nodes_surge             = number
    os_disk_size            = number
    os_disk_type            = string
    os_sku                  = string
    pods_per_node           = number
    private_cluster         = bool
    sku_tier                = string
    upgrade_channel         = string
    version                 = optional(string)
    zones                   = set(string)
  })

  # Azure keeps five addresses of a subnet.
  validation {
    condition     = var.settings.nodes_max + var.settings.nodes_surge + 5 <= pow(2, 32 - split("/", var.node_subnet_cidr)[1])
    error_message = "The node subnet ${var.node_subnet_cidr} is too small for nodes_max + nodes_surge + 5 addresses."
  }

  # A node takes a /24 of the pods, whatever its pods_per_node.
  validation {
    condition     = var.settings.nodes_max + var.settings.nodes_surge <= pow(2, 24 - split("/", var.pod_cidr)[1])
    error_message = "The pods' range ${var.pod_cidr} has a /24 for ${pow(2, 24 - split("/", var.pod_cidr)[1])} nodes; nodes_max + nodes_surge is more."
  }
}

variable "tags" {
  description = "Tags of everything made here."
  type        = map(string)
}
