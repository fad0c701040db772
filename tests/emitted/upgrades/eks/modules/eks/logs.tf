# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Before the cluster: EKS would make one that keeps everything for ever, and outlives the cluster.
resource "aws_cloudwatch_log_group" "cluster" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts logs with a key of its own; one of yours needs a key policy that lets it in.
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.settings.log_retention_days
}
