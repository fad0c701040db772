  description = "Settings of the cluster and its nodes."
  type = object({
    admin_group_ids        = set(string)
    endpoint_access_ranges = set(string)
    node_size              = string
    nodes_max              = number
    nodes_min              = number
    nodes_surge            = number
    pods_per_node          = number
    sku_tier               = string
    version                = optional(string)
    zones                  = set(string)
  })
