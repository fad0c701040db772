# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "cidr_block" {
  description = "Range of the Kurrent network. Another value makes a new network, a new database and a new peering."
  type        = string
}

variable "covered_ranges" {
  description = "Ranges that talk to the database, by name: each must lie inside one of the routes."
  type        = map(string)
}

variable "database" {
  description = "Settings of the database cluster."
  type = object({
    disk_iops          = optional(number)
    disk_size          = number
    disk_throughput    = optional(number)
    disk_type          = string
    instance_type      = string
    projection_level   = string
    protected          = bool
    server_version     = string
    server_version_tag = optional(string)
    topology           = string
  })
}

variable "name" {
  description = "Name of the project, network, database and peering. A network keeps the name it was made with."
  type        = string
}

variable "peer" {
  description = "Your network, as Kurrent Cloud asks for it: the account and the network's id in your cloud's own terms, and its region."
  type = object({
    account_id = string
    network_id = string
    region     = string
  })
}

variable "region" {
  description = "Region of the Kurrent network."
  type        = string
}

variable "resource_provider" {
  description = "Cloud of both networks, in Kurrent Cloud's spelling."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+$", var.resource_provider))
    error_message = "The resource_provider must be in lower case: Kurrent Cloud answers in it, and another spelling replaces the peering."
  }
}

variable "routes" {
  description = "Ranges on your side that the Kurrent network routes to. Another value makes a new peering."
  type        = set(string)
}
