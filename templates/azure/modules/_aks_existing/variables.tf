variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
}

variable "service_cidr" {
  description = "Planned range of the Kubernetes services."
  type        = string
}
