# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "database" {
  description = <<-EOT
    The database cluster:
    - disk_size: size of a node's disk in GB, which can only grow
    - disk_type: kind of disk, which the cloud decides
    - instance_type: size of a node
    - projection_level: projections that run
    - protected: whether Kurrent Cloud refuses to delete it
    - read_only_replicas: further nodes that only answer reads
    - server_version: version of the server; an upgrade needs server_version_tag, too
    - server_version_tag: exact version to upgrade to; leave it out of a new database
    - topology: one node, or three in as many zones
  EOT
  type = object({
    disk_size          = optional(number, 256)
    disk_type          = optional(string, "premium-ssd-lrs")
    instance_type      = optional(string, "m16")
    projection_level   = optional(string, "off")
    protected          = optional(bool, true)
    read_only_replicas = optional(number, 0)
    server_version     = optional(string, "26.0")
    server_version_tag = optional(string)
    topology           = optional(string, "three-node-multi-zone")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.database.disk_size >= 10 && var.database.disk_size <= 4096
    error_message = "The disk_size must be 10 to 4096."
  }

  validation {
    condition     = var.database.disk_type == "premium-ssd-lrs"
    error_message = "The disk_type must be premium-ssd-lrs."
  }

  validation {
    condition     = contains(["f1", "c4", "m8", "m16", "m32", "m64", "m128"], var.database.instance_type)
    error_message = "The instance_type must be f1, c4, m8, m16, m32, m64 or m128."
  }

  validation {
    condition     = contains(["off", "system", "user"], var.database.projection_level)
    error_message = "The projection_level must be off, system or user."
  }

  validation {
    condition     = var.database.read_only_replicas >= 0 && var.database.read_only_replicas <= 2
    error_message = "The read_only_replicas must be 0 to 2."
  }

  validation {
    condition     = var.database.read_only_replicas == 0 || var.database.topology == "three-node-multi-zone"
    error_message = "The read_only_replicas must be 0 unless topology is three-node-multi-zone."
  }

  validation {
    condition     = can(regex("^[0-9]{2}\\.[0-9]{1,2}$", var.database.server_version))
    error_message = "The server_version must be like \"26.0\"."
  }

  validation {
    condition     = var.database.server_version_tag == null ? true : can(regex("^[0-9]{2}\\.[0-9]{1,2}[A-Za-z0-9.-]*$", var.database.server_version_tag))
    error_message = "The server_version_tag must be like \"26.0.3\"."
  }

  validation {
    condition     = contains(["single-node", "three-node-multi-zone"], var.database.topology)
    error_message = "The topology must be single-node or three-node-multi-zone."
  }
}

variable "environment" {
  description = "Name of the environment; everything made here carries it."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.environment))
    error_message = "The environment must be 1 to 20 lower-case letters, digits and inner hyphens, such as prod."
  }
}

variable "kubernetes" {
  description = <<-EOT
    The cluster and its nodes:
    - admin_group_ids: Entra groups that administer it; given, local accounts are off
    - azure_policy: whether Azure Policy looks at what runs in it
    - endpoint_access_ranges: public ranges that reach the Kubernetes API; none means all
    - host_encryption: whether the host encrypts temporary disks and caches; the subscription must have the feature
    - network_policy: what enforces network policies; cilium is the data plane, too
    - node_os_upgrade_channel: how a node's operating system is kept up to date
    - node_size: size of a node's virtual machine
    - nodes_max: most nodes, over all zones
    - nodes_min: fewest nodes, over all zones
    - nodes_surge: nodes that an upgrade adds for its time
    - os_disk_size: GiB of a node's operating system disk; an ephemeral one must fit on the local disk
    - os_disk_type: Ephemeral is on the local disk, which the node size must have; Managed is remote
    - os_sku: a node's operating system
    - pods_per_node: most pods on a node
    - private_cluster: whether the Kubernetes API has an address in the VNet only
    - sku_tier: Standard has an uptime SLA, Premium long-term support too, Free neither
    - upgrade_channel: how Kubernetes is kept up to date: patch within its minor version, stable and rapid beyond
    - version: minor version of Kubernetes; without it, AKS takes its default
    - zones: availability zones of the nodes; none where the region has none
  EOT
  type = object({
    admin_group_ids         = optional(list(string), [])
    azure_policy            = optional(bool, true)
    endpoint_access_ranges  = optional(set(string), [])
    host_encryption         = optional(bool, false)
    network_policy          = optional(string, "cilium")
    node_os_upgrade_channel = optional(string, "NodeImage")
    node_size               = optional(string, "Standard_D4ds_v5")
    nodes_max               = optional(number, 5)
    nodes_min               = optional(number, 3)
    nodes_surge             = optional(number, 1)
    os_disk_size            = optional(number, 128)
    os_disk_type            = optional(string, "Ephemeral")
    os_sku                  = optional(string, "Ubuntu")
    pods_per_node           = optional(number, 250)
    private_cluster         = optional(bool, false)
    sku_tier                = optional(string, "Standard")
    upgrade_channel         = optional(string, "patch")
    version                 = optional(string)
    zones                   = optional(list(string), ["1", "2", "3"])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for one in var.kubernetes.admin_group_ids : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", one))])
    error_message = "The admin_group_ids must be like \"5a8c1e3f-0b9d-4a6e-8f7c-2d1e0b9a8c7d\"."
  }

  validation {
    condition     = alltrue([for cidr in var.kubernetes.endpoint_access_ranges : try(can(cidrnetmask(cidr)) && cidrsubnet(cidr, 0, 0) == cidr, false)])
    error_message = "Each of the endpoint_access_ranges must be an IPv4 range without host bits, such as 198.51.100.0/24."
  }

  validation {
    condition     = contains(["calico", "cilium", "none"], var.kubernetes.network_policy)
    error_message = "The network_policy must be calico, cilium or none."
  }

  validation {
    condition     = contains(["NodeImage", "None", "SecurityPatch", "Unmanaged"], var.kubernetes.node_os_upgrade_channel)
    error_message = "The node_os_upgrade_channel must be NodeImage, None, SecurityPatch or Unmanaged."
  }

  validation {
    condition     = can(regex("^[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+$", var.kubernetes.node_size))
    error_message = "The node_size must be like \"Standard_D4ds_v5\"."
  }

  validation {
    condition     = var.kubernetes.nodes_max >= 1 && var.kubernetes.nodes_max <= 1000
    error_message = "The nodes_max must be 1 to 1000."
  }

  validation {
    condition     = var.kubernetes.nodes_min >= 1 && var.kubernetes.nodes_min <= 1000
    error_message = "The nodes_min must be 1 to 1000."
  }

  validation {
    condition     = var.kubernetes.nodes_min <= var.kubernetes.nodes_max
    error_message = "The nodes_min must be no more than nodes_max."
  }

  validation {
    condition     = var.kubernetes.nodes_surge >= 1 && var.kubernetes.nodes_surge <= 1000
    error_message = "The nodes_surge must be 1 to 1000."
  }

  validation {
    condition     = var.kubernetes.os_disk_size >= 30 && var.kubernetes.os_disk_size <= 2048
    error_message = "The os_disk_size must be 30 to 2048."
  }

  validation {
    condition     = contains(["Ephemeral", "Managed"], var.kubernetes.os_disk_type)
    error_message = "The os_disk_type must be Ephemeral or Managed."
  }

  validation {
    condition     = contains(["AzureLinux", "Ubuntu"], var.kubernetes.os_sku)
    error_message = "The os_sku must be AzureLinux or Ubuntu."
  }

  validation {
    condition     = var.kubernetes.pods_per_node >= 10 && var.kubernetes.pods_per_node <= 250
    error_message = "The pods_per_node must be 10 to 250."
  }

  validation {
    condition     = contains(["Free", "Premium", "Standard"], var.kubernetes.sku_tier)
    error_message = "The sku_tier must be Free, Premium or Standard."
  }

  validation {
    condition     = contains(["none", "patch", "rapid", "stable"], var.kubernetes.upgrade_channel)
    error_message = "The upgrade_channel must be none, patch, rapid or stable."
  }

  validation {
    condition     = var.kubernetes.version == null ? true : can(regex("^1\\.[0-9]{2}$", var.kubernetes.version))
    error_message = "The version must be like \"1.36\"."
  }

  validation {
    condition     = alltrue([for one in var.kubernetes.zones : contains(["1", "2", "3"], one)])
    error_message = "The zones must be 1, 2 or 3."
  }

  validation {
    condition     = var.kubernetes.nodes_min * var.kubernetes.pods_per_node >= 30
    error_message = "AKS wants room for at least 30 pods in all: raise nodes_min or pods_per_node."
  }

  validation {
    condition     = var.kubernetes.version == null || contains(["none", "patch"], var.kubernetes.upgrade_channel)
    error_message = "A version goes with the upgrade_channel patch or none: the others leave it behind, and the next plan would go back to it."
  }

  validation {
    condition     = !var.kubernetes.private_cluster || length(var.kubernetes.endpoint_access_ranges) == 0
    error_message = "A private cluster has no public address, so there are no endpoint_access_ranges that could reach it."
  }
}

variable "ranges" {
  description = <<-EOT
    Ranges of this environment, in CIDR notation:
    - kurrent: The Kurrent network: the database nodes get their addresses from it
    - network: The VNet that holds the node subnet
    - nodes: Nodes: one subnet of the VNet
    - pods: Pods, hidden behind their node's address
    - services: Kubernetes service addresses, known inside the cluster only
  EOT
  type = object({
    kurrent  = string
    network  = string
    nodes    = string
    pods     = string
    services = string
  })

  validation {
    condition = alltrue([
      for cidr in values(var.ranges) : try(can(cidrnetmask(cidr)) && cidrsubnet(cidr, 0, 0) == cidr, false)
    ])
    error_message = "Each must be an IPv4 range without host bits, such as 10.20.0.0/16."
  }

  validation {
    condition = alltrue([
      for name, limits in {
        kurrent  = { shortest = 9, longest = 24 }
        network  = { shortest = 8, longest = 29 }
        nodes    = { shortest = 8, longest = 28 }
        pods     = { shortest = 8, longest = 21 }
        services = { shortest = 13, longest = 28 }
        } : try(
        tonumber(split("/", var.ranges[name])[1]) >= limits.shortest
        && tonumber(split("/", var.ranges[name])[1]) <= limits.longest,
        false
      )
    ])
    error_message = "Prefix lengths that work: kurrent /9 to /24, network /8 to /29, nodes /8 to /28, pods /8 to /21, services /13 to /28."
  }

  validation {
    condition = alltrue([
      for inner, outer in {
        nodes = "network"
        } : try(
        cidrsubnet("${split("/", var.ranges[inner])[0]}/${split("/", var.ranges[outer])[1]}", 0, 0) == var.ranges[outer]
        && tonumber(split("/", var.ranges[inner])[1]) >= tonumber(split("/", var.ranges[outer])[1]),
        false
      )
    ])
    error_message = "A range must lie inside the one that holds it: nodes in network."
  }

  # Two ranges overlap when, cut to the shorter length of the two, they are the same.
  validation {
    condition = alltrue(flatten([
      for names in [["kurrent", "network", "pods", "services"]] : [
        for pair in setproduct(names, names) : pair[0] == pair[1] || try(
          length(distinct([
            for name in pair :
            cidrhost("${split("/", var.ranges[name])[0]}/${min([for one in pair : split("/", var.ranges[one])[1]]...)}", 0)
          ])) == 2,
          false
        )
      ]
    ]))
    error_message = "Ranges that must not overlap: kurrent, network, pods, services."
  }
}

variable "region" {
  description = "Region of both networks, as Azure names it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.region))
    error_message = "The region must be its lower-case code, such as westeurope."
  }
}

variable "remote" {
  description = "Ranges on your side that the Kurrent network routes to. Another value makes a new peering."
  type        = set(string)

  validation {
    condition     = length(var.remote) > 0
    error_message = "Give at least one range, such as [\"10.20.0.0/15\"]: without one no answer finds its way back."
  }

  validation {
    condition = alltrue([
      for cidr in var.remote : try(can(cidrnetmask(cidr)) && cidrsubnet(cidr, 0, 0) == cidr, false)
    ])
    error_message = "Each must be an IPv4 range without host bits, such as 10.20.0.0/15."
  }

  validation {
    condition = alltrue([
      for cidr in var.remote : try(tonumber(split("/", cidr)[1]) >= 8 && tonumber(split("/", cidr)[1]) <= 28, false)
    ])
    error_message = "Kurrent Cloud takes prefix lengths from 8 to 28, such as 10.20.0.0/15."
  }
}

variable "tags" {
  description = "Tags of what is made here, besides environment and managed-by."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key, value in var.tags :
      can(regex("^[^<>%&\\\\?/\\x00-\\x1f\\x7f]{1,512}$", key)) && can(regex("^[^\\x00-\\x1f\\x7f]{0,256}$", value))
    ])
    error_message = "A key or a value has characters that Azure does not take in tags, or too many."
  }
}
