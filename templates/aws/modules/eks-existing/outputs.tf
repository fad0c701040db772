output "cluster_name" {
  description = "Name of the cluster; it is in the VPC that is peered."
  value       = data.aws_eks_cluster.this.name

  precondition {
    condition     = data.aws_eks_cluster.this.vpc_config[0].vpc_id == var.vpc_id
    error_message = "The cluster ${var.name} is in ${data.aws_eks_cluster.this.vpc_config[0].vpc_id}, but the peering is for ${var.vpc_id}: no pod would reach the database."
  }
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value       = "aws eks update-kubeconfig --region ${var.region} --name ${data.aws_eks_cluster.this.name}"
}

output "service_cidr" {
  description = "Range of the Kubernetes services, as planned."
  value       = data.aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr

  precondition {
    condition     = data.aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr == var.service_cidr
    error_message = "The services of ${var.name} are in ${data.aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr}; the plan has ${var.service_cidr}. Set services = \"${data.aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr}\" in the ranges of escscaffold.toml."
  }
}
