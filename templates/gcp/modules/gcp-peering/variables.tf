variable "name" {
  description = "Suffix of the peering's name."
  type        = string
}

variable "network_id" {
  description = "Your network, such as projects/example/global/networks/vpc-prod or its self link; a bare name is refused."
  type        = string
}

variable "peer_network_id" {
  description = "The network of Kurrent Cloud, in the same form."
  type        = string
}
