output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."
  value       = "aws eks update-kubeconfig --region ${var.region} --name ${aws_eks_cluster.this.name}"
}

output "for_nodes" {
  description = "Inputs of a node group: the cluster, the role of nodes and their launch template."
  value = {
    id            = aws_eks_cluster.this.id
    node_role_arn = aws_iam_role.nodes.arn
    version       = aws_eks_cluster.this.version

    launch_template = {
      id      = aws_launch_template.nodes.id
      version = aws_launch_template.nodes.latest_version
    }
  }

  # Without these policies, nodes do not join and pods get no addresses.
  depends_on = [
    aws_iam_role_policy_attachment.nodes,

    # A node that starts before the plugin's setup gives its pods addresses of the node subnet and
    # computes too many pods.
    aws_eks_addon.network_plugin,
  ]
}

output "network_plugin" {
  description = "Settings of the network plugin."
  value       = jsondecode(aws_eks_addon.network_plugin.configuration_values)
}

output "service_cidr" {
  description = "Range of the Kubernetes services."
  value       = aws_eks_cluster.this.kubernetes_network_config[0].service_ipv4_cidr
}
