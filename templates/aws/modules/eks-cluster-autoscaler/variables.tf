variable "cluster_name" {
  description = "Name of the cluster, available once it has the add-on eks-pod-identity-agent."
  type        = string
}

variable "name" {
  description = "Name of the cluster, for role names."
  type        = string
}

variable "namespace" {
  description = "Namespace of the autoscaler's service account."
  type        = string
  default     = "kube-system"
  nullable    = false
}

variable "region" {
  description = "Region of the cluster."
  type        = string
}

variable "service_account" {
  description = "Name of the autoscaler's service account."
  type        = string
  default     = "cluster-autoscaler"
  nullable    = false
}
