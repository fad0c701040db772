variable "database" {
  description = "Three-node database that is replicated, and its project."
  type = object({
    cluster_id = string
    project_id = string
  })
}

variable "protected" {
  description = "Whether Kurrent Cloud refuses to delete the replicas."
  type        = bool
}

variable "replica_count" {
  description = "Number of replicas."
  type        = number

  validation {
    condition     = contains([1, 2], var.replica_count)
    error_message = "The number of replicas must be 1 or 2; for none, remove read_only_replicas from escscaffold.toml."
  }
}
