output "helm_values" {
  description = "Values for the Helm chart cluster-autoscaler, as YAML."

  value = yamlencode({
    autoDiscovery = { clusterName = var.cluster_name }
    awsRegion     = var.region
    extraArgs     = { balance-similar-node-groups = true }
    rbac          = { serviceAccount = { name = var.service_account } }
  })

  # Without its role and policy, the autoscaler scales nothing.
  depends_on = [aws_eks_pod_identity_association.this, aws_iam_role_policy.this]
}

output "role_arn" {
  description = "ARN of the autoscaler's role."
  value       = aws_iam_role.this.arn
}

output "service_account" {
  description = "Namespace and name of the service account that has the role."
  value       = { namespace = var.namespace, name = var.service_account }
}
