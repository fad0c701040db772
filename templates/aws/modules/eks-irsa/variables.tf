variable "cluster_id" {
  description = "ARN of the cluster."
  type        = string
}

variable "oidc_issuer_url" {
  description = "OIDC issuer of the cluster's service accounts."
  type        = string
}
