variable "cidr_block" {
  description = "Range of the network. Another value makes a new network, a new database and a new peering."
  type        = string
}
