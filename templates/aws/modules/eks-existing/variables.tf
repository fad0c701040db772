variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "region" {
  description = "Region of the cluster, for the command that connects to it."
  type        = string
}

variable "service_cidr" {
  description = "Planned range of the Kubernetes services; the cluster must have it."
  type        = string
}

variable "vpc_id" {
  description = "Id of the VPC that is peered: the cluster must be in it."
  type        = string
}
