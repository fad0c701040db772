  name           = "nodes"
  location       = google_container_cluster.this.location
  node_locations = length(var.settings.zones) > 0 ? var.settings.zones : null

  # The id changes when the cluster is replaced; the name does not.
  cluster = google_container_cluster.this.id

  # Per zone.
  initial_node_count = 1

  autoscaling {
    location_policy      = "BALANCED"
    total_max_node_count = var.settings.nodes_max
    total_min_node_count = var.settings.nodes_min
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }
