# Created before the cluster: the log group of EKS has no expiry and is not deleted with the cluster.
resource "aws_cloudwatch_log_group" "cluster" {
  name              = "/aws/eks/${var.cluster_name}/cluster"
  retention_in_days = var.settings.log_retention_days

  #checkov:skip=CKV_AWS_158:CloudWatch encrypts logs with its own key; a customer key needs a key policy for CloudWatch.
}
