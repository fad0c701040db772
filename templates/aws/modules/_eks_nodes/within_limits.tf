    # EKS refuses limits that exclude the current number of nodes, and an autoscaler changes that
    # number only for pods.
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html
    postcondition {
      condition = (
        self.scaling_config[0].desired_size >= var.settings.nodes_min &&
        self.scaling_config[0].desired_size <= var.settings.nodes_max
      )
      error_message = <<-EOT
        The node group has ${self.scaling_config[0].desired_size} nodes, outside nodes_min ${var.settings.nodes_min} and nodes_max ${var.settings.nodes_max}. Change the number, then plan again:
        aws eks update-nodegroup-config --region ${var.region} --cluster-name ${self.cluster_name} --nodegroup-name ${self.node_group_name} --scaling-config minSize=${var.settings.nodes_min},maxSize=${var.settings.nodes_max},desiredSize=${max(var.settings.nodes_min, min(self.scaling_config[0].desired_size, var.settings.nodes_max))}
      EOT
    }
