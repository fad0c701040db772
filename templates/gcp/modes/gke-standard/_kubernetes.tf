variable "kubernetes" {
  description = "Settings of the GKE cluster and its nodes, whose numbers count over all zones. Another max_pods_per_node makes a new cluster."
  type = object({
    deletion_protection    = optional(bool, true)
    endpoint_access_ranges = optional(set(string), ["0.0.0.0/0"])
    machine_type           = optional(string, "e2-standard-4")
    max_pods_per_node      = optional(number, 110)
    nodes_max              = optional(number, 6)
    nodes_min              = optional(number, 3)
    release_channel        = optional(string, "REGULAR")
  })
  default = {}

  validation {
    condition     = var.kubernetes.max_pods_per_node >= 8 && var.kubernetes.max_pods_per_node <= 256
    error_message = "GKE takes 8 to 256 pods a node, such as max_pods_per_node = 110."
  }

  validation {
    condition     = var.kubernetes.nodes_min >= 1 && var.kubernetes.nodes_min <= var.kubernetes.nodes_max
    error_message = "Give at least one node, and no more than nodes_max, such as nodes_min = 3 and nodes_max = 6."
  }

  validation {
    condition     = contains(["EXTENDED", "RAPID", "REGULAR", "STABLE"], var.kubernetes.release_channel)
    error_message = "The release_channel must be EXTENDED, RAPID, REGULAR or STABLE."
  }
}
