  # Reachable from anywhere; IAM controls access.
  # https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = var.settings.dns_access
    }
  }

  # Without a range here, only your VPC network reaches the API's address.
  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = false

    dynamic "cidr_blocks" {
      for_each = var.settings.endpoint_access_ranges

      content {
        cidr_block = cidr_blocks.value
      }
    }
  }

  # No client certificates: they cannot be revoked.
  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }
