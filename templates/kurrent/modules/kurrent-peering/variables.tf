variable "covered_ranges" {
  description = "Ranges that use the database, by name; each must be inside one of the routes."
  type        = map(string)
}

variable "name" {
  description = "Name of the peering."
  type        = string
}

variable "network" {
  description = "Kurrent network to peer with: range, id, project and cloud."
  type = object({
    cidr_block        = string
    network_id        = string
    project_id        = string
    resource_provider = string
  })

  validation {
    condition     = can(regex("^[a-z]+$", var.network.resource_provider))
    error_message = "The resource_provider must be in lower case, as Kurrent Cloud returns it: another spelling replaces the peering."
  }
}

variable "peer" {
  description = "Your network: account, network id and region, as your cloud names them."
  type = object({
    account_id = string
    network_id = string
    region     = string
  })
}

variable "routes" {
  description = "Ranges on your side that the Kurrent network routes to. A change replaces the peering."
  type        = set(string)

  validation {
    condition     = length(var.routes) > 0
    error_message = "Set at least one route, such as 10.20.0.0/15: without a route, answers are dropped."
  }
}
