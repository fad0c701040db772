output "cluster_ca_certificate" {
  description = "CA certificate of the Kubernetes API in base64, as the Helm and Kubernetes providers decode it."
  value       = one(aws_eks_cluster.this.certificate_authority[*].data)
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API, for the Helm and Kubernetes providers."
  value       = aws_eks_cluster.this.endpoint
}

output "cluster_id" {
  description = "ARN of the cluster."
  value       = aws_eks_cluster.this.arn
}

output "cluster_security_group_id" {
  description = "Security group that EKS gives the control plane and the nodes."
  value       = one(aws_eks_cluster.this.vpc_config[*].cluster_security_group_id)
}

output "node_role_arn" {
  description = "ARN of the role of the nodes."
  value       = aws_iam_role.nodes.arn
}

output "node_role_name" {
  description = "Name of the role of the nodes, for policies of custom.tf."
  value       = aws_iam_role.nodes.name
}

output "oidc_issuer_url" {
  description = "OIDC issuer of the cluster's service accounts, for IAM roles of service accounts (IRSA)."
  value       = one(flatten(aws_eks_cluster.this.identity[*].oidc[*].issuer))
}
