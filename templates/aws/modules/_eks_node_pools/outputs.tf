output "node_group_names" {
  description = "Names of the node groups, by the pool."
  value       = { for name, pool in aws_eks_node_group.pools : name => pool.node_group_name }
}

output "subnet_ids" {
  description = "Ids of the subnets of each pool."
  value       = { for name, pool in aws_eks_node_group.pools : name => pool.subnet_ids }
}
