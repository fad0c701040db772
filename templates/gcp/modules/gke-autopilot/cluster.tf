# Nodes have public addresses, as in the vendor's guide: private ones would need Cloud NAT to
# reach the internet.
resource "google_container_cluster" "this" {
  name                = "gke-${var.name}"
  location            = var.region
  network             = var.network_id
  subnetwork          = var.subnetwork_id
  deletion_protection = var.settings.deletion_protection
  enable_autopilot    = true

  # The one place where Autopilot takes the account of its nodes from. It must be there from
  # the start: nodes that exist keep theirs.
  # https://github.com/hashicorp/terraform-provider-google/issues/27081
  cluster_autoscaling {
    auto_provisioning_defaults {
      oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
      service_account = google_service_account.nodes.email
    }
  }

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

  release_channel {
    channel = var.settings.release_channel
  }

  # Nodes whose account has no role yet do not become healthy.
  depends_on = [google_project_iam_member.nodes]
}
