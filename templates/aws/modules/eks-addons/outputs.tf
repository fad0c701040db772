output "cluster_id" {
  description = "Id of the cluster, available once it has the add-ons."
  value       = var.cluster.id

  depends_on = [aws_eks_addon.this]
}

output "versions" {
  description = "Versions of the add-ons by name."
  value       = { for name, addon in aws_eks_addon.this : name => addon.addon_version }
}
