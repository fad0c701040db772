variable "cidr_block" {
  description = "Range of the network. A change replaces the network, the database and the peering."
  type        = string
}
