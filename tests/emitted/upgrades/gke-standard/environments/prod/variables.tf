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
    disk_size          = optional(number, 100)
    disk_type          = optional(string, "ssd")
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
    condition     = var.database.disk_type == "ssd"
    error_message = "The disk_type must be ssd."
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
    - deletion_protection: whether Terraform refuses to destroy the cluster, also for a replacement
    - disk_size: size of a node's boot disk in GB
    - disk_type: kind of a node's boot disk
    - dns_access: whether the Kubernetes API answers at its DNS name to whoever IAM lets in
    - endpoint_access_ranges: ranges that reach the public address of the Kubernetes API; none leaves it to your VPC network
    - machine_type: machine type of a node
    - max_pods_per_node: most pods on a node
    - nodes_max: most nodes, over all zones
    - nodes_min: fewest nodes, over all zones
    - nodes_surge: nodes that an upgrade adds for its time; with 0 it does without one node instead
    - release_channel: channel that versions and their upgrades come from
    - zones: zones of the region that nodes stand in; none leaves three to GKE
  EOT
  type = object({
    deletion_protection    = optional(bool, true)
    disk_size              = optional(number, 100)
    disk_type              = optional(string, "pd-balanced")
    dns_access             = optional(bool, true)
    endpoint_access_ranges = optional(set(string), [])
    machine_type           = optional(string, "e2-standard-4")
    max_pods_per_node      = optional(number, 110)
    nodes_max              = optional(number, 6)
    nodes_min              = optional(number, 3)
    nodes_surge            = optional(number, 1)
    release_channel        = optional(string, "REGULAR")
    zones                  = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.kubernetes.disk_size >= 10 && var.kubernetes.disk_size <= 65536
    error_message = "The disk_size must be 10 to 65536."
  }

  validation {
    condition     = contains(["hyperdisk-balanced", "pd-balanced", "pd-ssd", "pd-standard"], var.kubernetes.disk_type)
    error_message = "The disk_type must be hyperdisk-balanced, pd-balanced, pd-ssd or pd-standard."
  }

  validation {
    condition     = alltrue([for cidr in var.kubernetes.endpoint_access_ranges : try(can(cidrnetmask(cidr)) && cidrsubnet(cidr, 0, 0) == cidr, false)])
    error_message = "Each of the endpoint_access_ranges must be an IPv4 range without host bits, such as 198.51.100.0/24."
  }

  validation {
    condition     = can(regex("^[a-z0-9]+-[a-z0-9-]+$", var.kubernetes.machine_type))
    error_message = "The machine_type must be like \"e2-standard-4\"."
  }

  validation {
    condition     = var.kubernetes.max_pods_per_node >= 8 && var.kubernetes.max_pods_per_node <= 256
    error_message = "The max_pods_per_node must be 8 to 256."
  }

  validation {
    condition     = var.kubernetes.nodes_max >= 1 && var.kubernetes.nodes_max <= 15000
    error_message = "The nodes_max must be 1 to 15000."
  }

  validation {
    condition     = var.kubernetes.nodes_min >= 1 && var.kubernetes.nodes_min <= 15000
    error_message = "The nodes_min must be 1 to 15000."
  }

  validation {
    condition     = var.kubernetes.nodes_min <= var.kubernetes.nodes_max
    error_message = "The nodes_min must be no more than nodes_max."
  }

  validation {
    condition     = var.kubernetes.nodes_surge >= 0 && var.kubernetes.nodes_surge <= 20
    error_message = "The nodes_surge must be 0 to 20."
  }

  validation {
    condition     = contains(["EXTENDED", "RAPID", "REGULAR", "STABLE"], var.kubernetes.release_channel)
    error_message = "The release_channel must be EXTENDED, RAPID, REGULAR or STABLE."
  }

  validation {
    condition     = alltrue([for one in var.kubernetes.zones : can(regex("^[a-z]+-[a-z]+[0-9]+-[a-z]$", one))])
    error_message = "The zones must be like \"europe-west2-b\"."
  }
}

variable "ranges" {
  description = <<-EOT
    Ranges of this environment, in CIDR notation:
    - kurrent: The Kurrent network: the database nodes get their addresses from it
    - nodes: Nodes: the subnet's primary range
    - pods: Pods: a secondary range of the subnet
  EOT
  type = object({
    kurrent = string
    nodes   = string
    pods    = string
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
        kurrent = { shortest = 9, longest = 24 }
        nodes   = { shortest = 8, longest = 29 }
        pods    = { shortest = 9, longest = 22 }
        } : try(
        tonumber(split("/", var.ranges[name])[1]) >= limits.shortest
        && tonumber(split("/", var.ranges[name])[1]) <= limits.longest,
        false
      )
    ])
    error_message = "Prefix lengths that work: kurrent /9 to /24, nodes /8 to /29, pods /9 to /22."
  }

  # Two ranges overlap when, cut to the shorter length of the two, they are the same.
  validation {
    condition = alltrue(flatten([
      for names in [["kurrent", "nodes", "pods"]] : [
        for pair in setproduct(names, names) : pair[0] == pair[1] || try(
          length(distinct([
            for name in pair :
            cidrhost("${split("/", var.ranges[name])[0]}/${min([for one in pair : split("/", var.ranges[one])[1]]...)}", 0)
          ])) == 2,
          false
        )
      ]
    ]))
    error_message = "Ranges that must not overlap: kurrent, nodes, pods."
  }
}

variable "region" {
  description = "Region of both networks, as Google Cloud names it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.region))
    error_message = "The region must be its lower-case code, such as europe-west2."
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
  description = "Labels of what is made here, besides environment and managed-by."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key, value in var.tags :
      can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
    ])
    error_message = "A key or a value has characters that Google Cloud does not take in labels, or too many."
  }
}
