output "cluster_ca_certificate" {
  description = "CA certificate of the Kubernetes API in base64, as the Helm and Kubernetes providers decode it."
  value       = one(data.aws_eks_cluster.this.certificate_authority[*].data)
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API, for the Helm and Kubernetes providers."
  value       = data.aws_eks_cluster.this.endpoint
}

output "cluster_id" {
  description = "ARN of the cluster."
  value       = data.aws_eks_cluster.this.arn
}

output "cluster_security_group_id" {
  description = "Security group that EKS gives the control plane and the nodes."
  value       = one(data.aws_eks_cluster.this.vpc_config[*].cluster_security_group_id)
}

output "oidc_issuer_url" {
  description = "OIDC issuer of the cluster's service accounts, for IAM roles of service accounts (IRSA)."
  value       = one(flatten(data.aws_eks_cluster.this.identity[*].oidc[*].issuer))
}
