# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "google_container_node_pool" "nodes" {
  name           = "nodes"
  location       = google_container_cluster.this.location
  node_locations = length(var.settings.zones) > 0 ? var.settings.zones : null

  # By its id, which changes when the cluster is replaced; its name would not.
  cluster = google_container_cluster.this.id

  # For each zone.
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

  # A pool keeps what it was made with, whatever its cluster says later.
  network_config {
    enable_private_nodes = var.private_nodes
  }

  node_config {
    disk_size_gb    = var.settings.disk_size
    disk_type       = var.settings.disk_type
    image_type      = "COS_CONTAINERD"
    machine_type    = var.settings.machine_type
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    service_account = google_service_account.nodes.email

    shielded_instance_config {
      enable_integrity_monitoring = true
      enable_secure_boot          = true
    }

    # Hides the nodes' own account from pods.
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  # Room for these nodes is counted in the plan. Without any, an upgrade takes a node away first.
  upgrade_settings {
    max_surge       = var.settings.nodes_surge
    max_unavailable = var.settings.nodes_surge > 0 ? 0 : 1
  }

  lifecycle {
    # GKE moves it with the size of the pool, and another value replaces the pool.
    ignore_changes = [initial_node_count]
  }
}
