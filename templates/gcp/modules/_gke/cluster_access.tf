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
