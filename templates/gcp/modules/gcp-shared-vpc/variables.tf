variable "host_project" {
  description = "Id of the host project, which is enabled as one."
  type        = string
}

variable "service_project" {
  description = "Id of the project that the cluster is in."
  type        = string
}

variable "service_project_number" {
  description = "Number of the project that the cluster is in."
  type        = string
}
