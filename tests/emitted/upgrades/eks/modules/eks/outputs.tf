# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value       = "aws eks update-kubeconfig --region ${var.region} --name ${aws_eks_cluster.this.name}"
}

output "service_cidr" {
  description = "Range of the Kubernetes services."
  value       = aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr
}
