variable "node_subnets" {
  description = "Ranges of the node subnets by name; sorted by name, each is in the next zone."
  type        = map(string)

  validation {
    condition     = length(var.node_subnets) >= 2
    error_message = "EKS needs subnets in at least two zones, such as nodes-1 and nodes-2."
  }
}
