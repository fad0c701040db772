variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
}

variable "service_cidr" {
  description = "Range that the Kubernetes services were planned to have."
  type        = string
}
