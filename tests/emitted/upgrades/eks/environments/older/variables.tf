# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "database" {
  description = <<-EOT
    The database cluster:
    - disk_iops: IOPS of a gp3 disk
    - disk_size: size of a node's disk in GB, which can only grow
    - disk_throughput: throughput of a gp3 disk in MB/s
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
    disk_iops          = optional(number, 3000)
    disk_size          = optional(number, 100)
    disk_throughput    = optional(number, 125)
    disk_type          = optional(string, "gp3")
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
    condition     = var.database.disk_iops >= 3000 && var.database.disk_iops <= 16000
    error_message = "The disk_iops must be 3000 to 16000."
  }

  validation {
    condition     = var.database.disk_size >= 8 && var.database.disk_size <= 4096
    error_message = "The disk_size must be 8 to 4096."
  }

  validation {
    condition     = var.database.disk_throughput >= 125 && var.database.disk_throughput <= 1000
    error_message = "The disk_throughput must be 125 to 1000."
  }

  validation {
    condition     = var.database.disk_type == "gp3"
    error_message = "The disk_type must be gp3."
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
    - ami_type: image of the nodes; the one for ARM goes with instance types such as m7g.large
    - disk_size: size of a node's disk in GiB
    - endpoint_access_ranges: public ranges that reach the Kubernetes API; none closes its public endpoint
    - instance_types: instance types that a node can have
    - log_retention_days: days that CloudWatch keeps the logs: 30, 90, 365, or another number that it knows
    - log_types: logs of the control plane that CloudWatch keeps
    - nodes_max: most nodes, over all zones
    - nodes_min: fewest nodes, over all zones
    - secrets_key_arn: KMS key of yours that encrypts Kubernetes secrets; it can be set later, but never taken off
    - version: minor version of Kubernetes; without it, EKS takes its newest default one
  EOT
  type = object({
    ami_type               = optional(string, "AL2023_x86_64_STANDARD")
    disk_size              = optional(number, 50)
    endpoint_access_ranges = optional(set(string), ["0.0.0.0/0"])
    instance_types         = optional(list(string), ["m6i.large"])
    log_retention_days     = optional(number, 365)
    log_types              = optional(list(string), ["api", "audit", "authenticator"])
    nodes_max              = optional(number, 6)
    nodes_min              = optional(number, 2)
    secrets_key_arn        = optional(string)
    version                = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"], var.kubernetes.ami_type)
    error_message = "The ami_type must be AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD."
  }

  validation {
    condition     = var.kubernetes.disk_size >= 20 && var.kubernetes.disk_size <= 16384
    error_message = "The disk_size must be 20 to 16384."
  }

  validation {
    condition     = alltrue([for cidr in var.kubernetes.endpoint_access_ranges : try(can(cidrnetmask(cidr)) && cidrsubnet(cidr, 0, 0) == cidr, false)])
    error_message = "Each of the endpoint_access_ranges must be an IPv4 range without host bits, such as 198.51.100.0/24."
  }

  validation {
    condition     = alltrue([for one in var.kubernetes.instance_types : can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", one))])
    error_message = "The instance_types must be like \"m6i.large\"."
  }

  validation {
    condition     = var.kubernetes.log_retention_days >= 1 && var.kubernetes.log_retention_days <= 3653
    error_message = "The log_retention_days must be 1 to 3653."
  }

  validation {
    condition     = alltrue([for one in var.kubernetes.log_types : contains(["api", "audit", "authenticator", "controllerManager", "scheduler"], one)])
    error_message = "The log_types must be api, audit, authenticator, controllerManager or scheduler."
  }

  validation {
    condition     = var.kubernetes.nodes_max >= 1 && var.kubernetes.nodes_max <= 5000
    error_message = "The nodes_max must be 1 to 5000."
  }

  validation {
    condition     = var.kubernetes.nodes_min >= 1 && var.kubernetes.nodes_min <= 5000
    error_message = "The nodes_min must be 1 to 5000."
  }

  validation {
    condition     = var.kubernetes.nodes_min <= var.kubernetes.nodes_max
    error_message = "The nodes_min must be no more than nodes_max."
  }

  validation {
    condition     = var.kubernetes.secrets_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kubernetes.secrets_key_arn))
    error_message = "The secrets_key_arn must be like \"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"."
  }

  validation {
    condition     = var.kubernetes.version == null ? true : can(regex("^1\\.[0-9]{2}$", var.kubernetes.version))
    error_message = "The version must be like \"1.36\"."
  }

  validation {
    condition = contains(
      [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
      ],
      var.kubernetes.log_retention_days
    )
    error_message = "CloudWatch keeps logs for 30, 60, 90, 120, 150, 180, 365 or 400 days, or another number that it knows."
  }
}

variable "ranges" {
  description = <<-EOT
    Ranges of this environment, in CIDR notation:
    - kurrent: The Kurrent network: the database nodes get their addresses from it
    - network: The VPC that holds every node subnet
    - nodes-1: Nodes and pods in one zone
    - nodes-2: Nodes and pods in one zone
    - services: Kubernetes service addresses, known inside the cluster only
  EOT
  type = object({
    kurrent  = string
    network  = string
    nodes-1  = string
    nodes-2  = string
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
        kurrent  = { shortest = 16, longest = 24 }
        network  = { shortest = 16, longest = 28 }
        nodes-1  = { shortest = 16, longest = 28 }
        nodes-2  = { shortest = 16, longest = 28 }
        services = { shortest = 12, longest = 24 }
        } : try(
        tonumber(split("/", var.ranges[name])[1]) >= limits.shortest
        && tonumber(split("/", var.ranges[name])[1]) <= limits.longest,
        false
      )
    ])
    error_message = "Prefix lengths that work: kurrent /16 to /24, network /16 to /28, nodes-1 /16 to /28, nodes-2 /16 to /28, services /12 to /24."
  }

  validation {
    condition = alltrue([
      for inner, outer in {
        nodes-1 = "network"
        nodes-2 = "network"
        } : try(
        cidrsubnet("${split("/", var.ranges[inner])[0]}/${split("/", var.ranges[outer])[1]}", 0, 0) == var.ranges[outer]
        && tonumber(split("/", var.ranges[inner])[1]) >= tonumber(split("/", var.ranges[outer])[1]),
        false
      )
    ])
    error_message = "A range must lie inside the one that holds it: nodes-1 in network, nodes-2 in network."
  }

  # Two ranges overlap when, cut to the shorter length of the two, they are the same.
  validation {
    condition = alltrue(flatten([
      for names in [
        ["kurrent", "network", "services"],
        ["nodes-1", "nodes-2"],
        ] : [
        for pair in setproduct(names, names) : pair[0] == pair[1] || try(
          length(distinct([
            for name in pair :
            cidrhost("${split("/", var.ranges[name])[0]}/${min([for one in pair : split("/", var.ranges[one])[1]]...)}", 0)
          ])) == 2,
          false
        )
      ]
    ]))
    error_message = "Ranges that must not overlap: kurrent, network, services; nodes-1, nodes-2."
  }
}

variable "region" {
  description = "Region of both networks, as AWS names it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.region))
    error_message = "The region must be its lower-case code, such as eu-central-1."
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
      can(regex("^[A-Za-z0-9 _.:/=+@-]{1,128}$", key)) && can(regex("^[A-Za-z0-9 _.:/=+@-]{0,256}$", value))
    ])
    error_message = "A key or a value has characters that AWS does not take in tags, or too many."
  }
}
