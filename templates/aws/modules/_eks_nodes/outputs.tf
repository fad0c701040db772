output "cluster_id" {
  description = "Id of the cluster, available once it has nodes."
  value       = aws_eks_node_group.this.cluster_name
}

output "node_group_name" {
  description = "Name of the node group."
  value       = aws_eks_node_group.this.node_group_name
}

output "scaling" {
  description = "Minimum, maximum and current number of nodes."
  value = {
    desired = aws_eks_node_group.this.scaling_config[0].desired_size
    max     = aws_eks_node_group.this.scaling_config[0].max_size
    min     = aws_eks_node_group.this.scaling_config[0].min_size
  }
}

output "subnet_ids" {
  description = "Ids of the subnets for nodes."
  value       = aws_eks_node_group.this.subnet_ids
}
