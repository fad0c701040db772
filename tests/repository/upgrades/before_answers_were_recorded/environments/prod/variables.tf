# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "database" {
  description = <<-EOT
    The database cluster. An upgrade needs server_version and server_version_tag
    together; leave the tag out of a new database.
  EOT
  type = object({
    disk_iops          = optional(number)
    disk_size          = number
    disk_throughput    = optional(number)
    disk_type          = string
    instance_type      = optional(string, "c4")
    projection_level   = optional(string, "off")
    protected          = optional(bool, true)
    server_version     = optional(string, "24.10")
    server_version_tag = optional(string)
    topology           = optional(string, "three-node-multi-zone")
  })

  validation {
    condition     = contains(["single-node", "three-node-multi-zone"], var.database.topology)
    error_message = "The topology must be three-node-multi-zone or single-node."
  }

  validation {
    condition     = contains(["f1", "c4", "m8", "m16", "m32", "m64", "m128"], var.database.instance_type)
    error_message = "The instance_type must be f1, c4, m8, m16, m32, m64 or m128, in lower case."
  }

  validation {
    condition     = contains(["gp3", "premium-ssd-lrs", "ssd"], var.database.disk_type)
    error_message = "The disk_type must be gp3, premium-ssd-lrs or ssd, in lower case."
  }

  validation {
    condition     = var.database.disk_size >= 8 && var.database.disk_size <= 4096
    error_message = "The disk_size must be 8 to 4096 GB, such as 100."
  }

  validation {
    condition = (var.database.disk_type == "gp3"
      ? var.database.disk_iops != null && var.database.disk_throughput != null
      : var.database.disk_iops == null && var.database.disk_throughput == null
    )
    error_message = "A gp3 disk needs disk_iops and disk_throughput, such as 3000 and 125; no other disk takes them."
  }

  validation {
    condition     = contains(["off", "system", "user"], var.database.projection_level)
    error_message = "The projection_level must be off, system or user."
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
  description = "Settings of the GKE cluster and its nodes, whose numbers count over all zones. Another max_pods_per_node makes a new cluster."
  type = object({
    deletion_protection    = optional(bool, true)
    endpoint_access_ranges = optional(set(string), ["0.0.0.0/0"])
    machine_type           = optional(string, "e2-standard-4")
    max_pods_per_node      = optional(number, 110)
    nodes_max              = optional(number, 6)
    nodes_min              = optional(number, 3)
    release_channel        = optional(string, "REGULAR")
  })
  default = {}

  validation {
    condition     = var.kubernetes.max_pods_per_node >= 8 && var.kubernetes.max_pods_per_node <= 256
    error_message = "GKE takes 8 to 256 pods a node, such as max_pods_per_node = 110."
  }

  validation {
    condition     = var.kubernetes.nodes_min >= 1 && var.kubernetes.nodes_min <= var.kubernetes.nodes_max
    error_message = "Give at least one node, and no more than nodes_max, such as nodes_min = 3 and nodes_max = 6."
  }

  validation {
    condition     = contains(["EXTENDED", "RAPID", "REGULAR", "STABLE"], var.kubernetes.release_channel)
    error_message = "The release_channel must be EXTENDED, RAPID, REGULAR or STABLE."
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

  validation {
    condition = alltrue([
      for name, cidr in var.ranges : name == "kurrent" || try(
        cidrhost("${split("/", cidr)[0]}/${min(split("/", cidr)[1], split("/", var.ranges.kurrent)[1])}", 0)
        != cidrhost("${split("/", var.ranges.kurrent)[0]}/${min(split("/", cidr)[1], split("/", var.ranges.kurrent)[1])}", 0),
        false
      )
    ])
    error_message = "No range may overlap kurrent: whoever is in both could not tell the database from a neighbour."
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
