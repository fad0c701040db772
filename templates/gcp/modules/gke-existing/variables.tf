variable "name" {
  description = "Name of the cluster, or LOCATION/NAME if its location is not the region, such as europe-west2-a/prod."
  type        = string
}

variable "network_id" {
  description = "Self link of the network that the cluster must be in."
  type        = string
}

variable "pods_cidr" {
  description = "Required range of the cluster's pods."
  type        = string
}

variable "region" {
  description = "Region of the cluster."
  type        = string
}

variable "services_cidr" {
  description = "Required range of the cluster's services; null accepts any. Default: the range that GKE manages."
  type        = string
  default     = "34.118.224.0/20"
}

variable "subnetwork_id" {
  description = "Id of the subnet that the cluster must be in."
  type        = string
}
