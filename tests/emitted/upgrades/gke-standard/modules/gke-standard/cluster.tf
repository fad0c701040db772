# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "google_container_cluster" "this" {
  #checkov:skip=CKV_GCP_12:Dataplane V2 enforces network policies; the add-on is for clusters without it.
  #checkov:skip=CKV_GCP_21:The provider's default_labels reach the cluster.
  #checkov:skip=CKV_GCP_65:Google Groups in RBAC need a Google Workspace, which not every project has.
  #checkov:skip=CKV_GCP_66:Binary Authorization holds for a whole project and is for its owner to turn on.

  name                        = "gke-${var.name}"
  location                    = var.region
  node_locations              = length(var.settings.zones) > 0 ? var.settings.zones : null
  network                     = var.network_id
  subnetwork                  = var.subnetwork_id
  networking_mode             = "VPC_NATIVE"
  default_max_pods_per_node   = var.settings.max_pods_per_node
  deletion_protection         = var.settings.deletion_protection
  enable_intranode_visibility = true
  enable_shielded_nodes       = true

  # Dataplane V2: without it, or an add-on in its place, nothing enforces network policies.
  # https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
  datapath_provider = "ADVANCED_DATAPATH"

  # GKE makes no cluster without a first pool. It goes at once: a change of its nodes would
  # replace the cluster, which a change of the pool in node_pool.tf does not.
  initial_node_count       = 1
  remove_default_node_pool = true

  # Answers to whoever IAM lets in, from anywhere.
  # https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = var.settings.dns_access
    }
  }

  # Without a range here, the address of the API answers to your VPC network only.
  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = false

    dynamic "cidr_blocks" {
      for_each = var.settings.endpoint_access_ranges

      content {
        cidr_block = cidr_blocks.value
      }
    }
  }

  # Nobody signs in with a certificate, which nothing could take back.
  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  # By name: a range that GKE may choose lies outside of what the peering knows. Without a
  # name for the services, GKE serves them from its own 34.118.224.0/20.
  ip_allocation_policy {
    cluster_secondary_range_name  = var.pods_range_name
    services_secondary_range_name = var.services_range_name
  }

  # The control plane takes an address of the subnet and no range of its own, which it did up to
  # GKE 1.28. https://cloud.google.com/kubernetes-engine/docs/concepts/private-service-connect
  private_cluster_config {
    enable_private_nodes = var.private_nodes
  }

  # For the first pool: the default account may be missing or disabled.
  node_config {
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
