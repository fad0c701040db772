# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "google" {
  mock_resource "google_compute_network" {
    defaults = {
      id        = "projects/example/global/networks/mock"
      project   = "example"
      self_link = "https://www.googleapis.com/compute/v1/projects/example/global/networks/mock"
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
  pods_range_name = "pods"
  subnetwork_id   = "projects/example/regions/mock/subnetworks/mock"

  settings = {
    deletion_protection    = true
    endpoint_access_ranges = ["192.0.2.0/24"]
    machine_type           = "e2-standard-4"
    max_pods_per_node      = 32
    nodes_max              = 6
    nodes_min              = 3
    release_channel        = "REGULAR"
  }
}

run "a_node_takes_as_much_of_the_pods_range_as_asked" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  assert {
    condition     = google_container_cluster.this.default_max_pods_per_node == 32
    error_message = "A node takes another part of the pods' range, so that fewer or more nodes fit into it."
  }
}

run "the_cluster_is_guarded_as_asked" {
  command = plan

  module {
    source = "../../modules/gke-standard"
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
}

run "nodes_have_the_role_of_a_node_and_no_other" {
  module {
    source = "../../modules/gke-standard"
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

  assert {
    condition     = google_container_cluster.this.remove_default_node_pool
    error_message = "The first pool stays, and a change of its nodes replaces the cluster."
  }

  assert {
    condition     = google_container_node_pool.nodes.cluster == google_container_cluster.this.id
    error_message = "The pool would be left out when its cluster is replaced."
  }
}

run "fewer_nodes_at_most_than_at_least_are_refused" {
  command = plan

  variables {
    kubernetes = { nodes_max = 2, nodes_min = 3 }
  }

  expect_failures = [var.kubernetes]
}
