variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
}

variable "service_cidr" {
  description = "Range of the Kubernetes services. Another value makes a new cluster."
  type        = string
}
