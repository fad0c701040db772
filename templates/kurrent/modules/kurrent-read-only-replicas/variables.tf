variable "database" {
  description = "Database of three nodes that the replicas follow, and the project that it is in."
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
    error_message = "There can be 1 or 2 replicas; to have none, take read_only_replicas out of escscaffold.toml."
  }
}
