  settings = {
    admin_group_ids        = []
    endpoint_access_ranges = []
    node_size              = "Standard_D4s_v5"
    nodes_max              = 7
    nodes_min              = 3
    nodes_surge            = 1
    pods_per_node          = 30
    sku_tier               = "Standard"
    zones                  = ["1", "2", "3"]
  }
