variable "kubernetes" {
  description = "Settings of the EKS cluster and its nodes. Without a version, EKS takes its newest default one."
  type = object({
    disk_size              = optional(number, 50)
    endpoint_access_ranges = optional(set(string), ["0.0.0.0/0"])
    instance_types         = optional(list(string), ["m6i.large"])
    log_types              = optional(set(string), ["api", "audit", "authenticator"])
    nodes_max              = optional(number, 6)
    nodes_min              = optional(number, 2)
    version                = optional(string)
  })
  default = {}

  validation {
    condition     = var.kubernetes.nodes_min >= 1 && var.kubernetes.nodes_min <= var.kubernetes.nodes_max
    error_message = "Give at least one node, and no more than nodes_max, such as nodes_min = 2 and nodes_max = 6."
  }

  validation {
    condition     = var.kubernetes.version == null || can(regex("^1\\.[0-9]{2}$", var.kubernetes.version))
    error_message = "The version must be a minor version of Kubernetes, such as 1.33."
  }
}
