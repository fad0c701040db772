# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "covered_ranges" {
  description = "Ranges that talk to the database, by name: each must lie inside one of the routes."
  type        = map(string)
}

variable "name" {
  description = "Name of the peering."
  type        = string
}

variable "network" {
  description = "Kurrent network to peer with: its range, its id, the project that it is in, and its cloud."
  type = object({
    cidr_block        = string
    network_id        = string
    project_id        = string
    resource_provider = string
  })

  validation {
    condition     = can(regex("^[a-z]+$", var.network.resource_provider))
    error_message = "The resource_provider must be in lower case: Kurrent Cloud answers in it, and another spelling replaces the peering."
  }
}

variable "peer" {
  description = "Your network, as Kurrent Cloud asks for it: the account and the network's id in your cloud's own terms, and its region."
  type = object({
    account_id = string
    network_id = string
    region     = string
  })
}

variable "routes" {
  description = "Ranges on your side that the Kurrent network routes to. Another value makes a new peering."
  type        = set(string)

  validation {
    condition     = length(var.routes) > 0
    error_message = "There must be a route, such as 10.20.0.0/15: Kurrent Cloud takes a peering without one, and no answer finds its way back."
  }
}
