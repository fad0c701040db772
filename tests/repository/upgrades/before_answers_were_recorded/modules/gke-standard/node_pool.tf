# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Nodes have public addresses, as in the vendor's guide: private ones would need Cloud NAT to
# reach the internet.
resource "google_container_node_pool" "nodes" {
  name     = "nodes"
  location = google_container_cluster.this.location

  # By its id, which changes when the cluster is replaced; its name would not.
  cluster = google_container_cluster.this.id

  # For each zone.
  initial_node_count = 1

  autoscaling {
    location_policy      = "BALANCED"
    total_max_node_count = var.settings.nodes_max
    total_min_node_count = var.settings.nodes_min
  }

  node_config {
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

  lifecycle {
    # GKE moves it with the size of the pool, and another value replaces the pool.
    ignore_changes = [initial_node_count]
  }
}
