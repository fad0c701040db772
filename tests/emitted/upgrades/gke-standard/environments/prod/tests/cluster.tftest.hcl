# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "google" {
  mock_resource "google_compute_network" {
    defaults = {
      id        = "projects/example/global/networks/mock"
      project   = "example"
      self_link = "https://www.googleapis.com/compute/v1/projects/example/global/networks/mock"
    }
  }

  mock_resource "google_compute_network_peering" {
    defaults = {
      state         = "ACTIVE"
      state_details = "Connected."
    }
  }

  mock_resource "google_service_account" {
    defaults = {
      email   = "mock@example.iam.gserviceaccount.com"
      member  = "serviceAccount:mock@example.iam.gserviceaccount.com"
      project = "example"
    }
  }
}

mock_provider "kurrentcloud" {
  mock_resource "kurrentcloud_peering" {
    defaults = {
      provider_metadata = {
        gcp_network_id = "projects/kurrent-example/global/networks/kurrent-mock"
      }
    }
  }
}

variables {
  name            = "prod"
  network_id      = "projects/example/global/networks/mock"
  nodes_cidr      = "10.24.0.0/24"
  pods_cidr       = "10.25.0.0/21"
  pods_range_name = "pods"
  private_nodes   = true
  region          = "somewhere-north1"
  subnetwork_id   = "projects/example/regions/mock/subnetworks/mock"

  settings = {
    deletion_protection    = true
    disk_size              = 100
    disk_type              = "pd-balanced"
    dns_access             = true
    endpoint_access_ranges = ["192.0.2.0/24"]
    machine_type           = "e2-standard-4"
    max_pods_per_node      = 32
    nodes_max              = 6
    nodes_min              = 3
    nodes_surge            = 1
    release_channel        = "REGULAR"
    zones                  = ["somewhere-north1-a"]
  }
}

run "a_node_takes_as_much_of_the_pods_range_as_asked" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  assert {
    condition     = google_container_cluster.this.default_max_pods_per_node == 32
    error_message = "A node takes another part of the pods' range, so that fewer or more nodes fit into it."
  }
}

run "nodes_have_private_addresses_only_where_that_is_asked" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  assert {
    condition = [
      google_container_cluster.this.private_cluster_config[0].enable_private_nodes,
      google_container_node_pool.nodes.network_config[0].enable_private_nodes
    ] == [true, true]
    error_message = "Nodes get public addresses."
  }
}

run "more_nodes_than_the_pods_range_has_blocks_for_are_refused" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  variables {
    pods_cidr = "10.25.0.0/24"
  }

  expect_failures = [var.settings]
}

run "a_cluster_without_a_range_for_its_pods_is_refused" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  variables {
    pods_range_name = ""
  }

  expect_failures = [var.pods_range_name]
}

run "the_cluster_is_guarded_as_asked" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  assert {
    condition     = google_container_cluster.this.deletion_protection
    error_message = "A destroy, or a change that replaces the cluster, takes it without asking."
  }

  assert {
    condition = [
      for block in google_container_cluster.this.master_authorized_networks_config[0].cidr_blocks : block.cidr_block
    ] == ["192.0.2.0/24"]
    error_message = "The control plane answers others than it was told to."
  }

  assert {
    condition     = !google_container_cluster.this.master_authorized_networks_config[0].gcp_public_cidrs_access_enabled
    error_message = "The control plane answers every machine at Google Cloud."
  }
}

run "nodes_have_the_role_of_a_node_and_no_other" {
  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  assert {
    condition     = google_project_iam_member.nodes.role == "roles/container.defaultNodeServiceAccount"
    error_message = "Nodes may do less or more than a node does."
  }

  assert {
    condition     = google_project_iam_member.nodes.member == google_service_account.nodes.member
    error_message = "The role is not given to the account of the nodes."
  }
}

run "nodes_use_an_account_of_their_own" {
  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  assert {
    condition     = google_container_node_pool.nodes.node_config[0].service_account == google_service_account.nodes.email
    error_message = "Nodes use an account that they share with others."
  }

  assert {
    condition     = google_container_node_pool.nodes.node_config[0].workload_metadata_config[0].mode == "GKE_METADATA"
    error_message = "Pods can act as the node that they run on."
  }
}

run "the_cluster_has_no_other_nodes_than_its_pool" {
  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  assert {
    condition     = google_container_cluster.this.remove_default_node_pool
    error_message = "The first pool stays, and a change of its nodes replaces the cluster."
  }

  assert {
    condition     = google_container_node_pool.nodes.cluster == google_container_cluster.this.id
    error_message = "The pool would be left out when its cluster is replaced."
  }
}

run "zones_of_another_region_are_refused" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  variables {
    region = "elsewhere-north1"
  }

  expect_failures = [var.settings]
}

run "nodes_that_the_subnet_does_not_hold_are_refused" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  variables {
    nodes_cidr = "10.24.0.0/29"
  }

  expect_failures = [var.settings]
}
