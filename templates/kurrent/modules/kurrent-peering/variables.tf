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
}
