# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "google_container_cluster" "this" {
  name                      = "gke-${var.name}"
  location                  = var.region
  network                   = var.network_id
  subnetwork                = var.subnetwork_id
  networking_mode           = "VPC_NATIVE"
  default_max_pods_per_node = var.settings.max_pods_per_node
  deletion_protection       = var.settings.deletion_protection
  enable_shielded_nodes     = true

  # GKE makes no cluster without a first pool. It goes at once: a change of its nodes would
  # replace the cluster, which a change of the pool in node_pool.tf does not.
  initial_node_count       = 1
  remove_default_node_pool = true

  # By name: a range that GKE may choose lies outside of what the peering knows. Without a
  # name for the services, GKE serves them from its own 34.118.224.0/20.
  ip_allocation_policy {
    cluster_secondary_range_name  = var.pods_range_name
    services_secondary_range_name = var.services_range_name
  }

  master_authorized_networks_config {
    dynamic "cidr_blocks" {
      for_each = var.settings.endpoint_access_ranges

      content {
        cidr_block = cidr_blocks.value
      }
    }
  }

  # For the first pool: the default account may be missing or disabled.
  node_config {
    service_account = google_service_account.nodes.email
  }

  release_channel {
    channel = var.settings.release_channel
  }

  workload_identity_config {
    workload_pool = "${google_service_account.nodes.project}.svc.id.goog"
  }

  lifecycle {
    # What is left of the first pool. https://github.com/hashicorp/terraform-provider-google/issues/12070
    ignore_changes = [node_config]
  }

  # Nodes whose account has no role yet do not become healthy.
  depends_on = [google_project_iam_member.nodes]
}
