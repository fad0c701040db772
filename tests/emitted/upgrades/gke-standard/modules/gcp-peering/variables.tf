# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "name" {
  description = "Suffix of the peering's name."
  type        = string
}

variable "network_id" {
  description = "Your network, such as projects/example/global/networks/vpc-prod or its self link; a bare name is refused."
  type        = string
}

variable "peer_network_id" {
  description = "Kurrent's network, in the same form."
  type        = string
}
