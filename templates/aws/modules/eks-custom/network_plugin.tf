resource "aws_eks_addon" "network_plugin" {
  cluster_name = aws_eks_cluster.this.id
  addon_name   = "vpc-cni"

  # A new cluster has the plugin with default settings of EKS.
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  # Options: aws eks describe-addon-configuration --addon-name vpc-cni --addon-version ...
  configuration_values = jsonencode({
    env = merge(
      {
        AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG = "true"
        AWS_VPC_K8S_CNI_EXTERNALSNAT       = tostring(!var.snat)
        ENI_CONFIG_LABEL_DEF               = "topology.kubernetes.io/zone"
      },
      var.prefix_delegation ? { ENABLE_PREFIX_DELEGATION = "true", WARM_PREFIX_TARGET = "1" } : {},
    )

    # Named after the zones, so that a node selects its config by its label.
    eniConfig = {
      create = true
      region = var.region
      subnets = {
        for zone, id in var.pod_subnet_ids : zone => {
          id             = id
          securityGroups = [aws_eks_cluster.this.vpc_config[0].cluster_security_group_id]
        }
      }
    }
  })
}
