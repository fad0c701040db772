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

run "the_network_has_the_subnet_that_was_planned_and_no_other" {
  module {
    source = "../../modules/gcp-network"
  }

  providers = {
    google = google
  }

  variables {
    name       = "prod"
    nodes_cidr = "10.0.128.0/20"
  }

  assert {
    condition     = !google_compute_network.this.auto_create_subnetworks
    error_message = "Google makes subnets of its own in this network, with ranges that nobody planned."
  }

  assert {
    condition     = google_compute_subnetwork.nodes.network == google_compute_network.this.id
    error_message = "The subnet is in another network."
  }

  assert {
    condition     = google_compute_subnetwork.nodes.private_ip_google_access
    error_message = "Nodes reach Google's APIs over the internet only."
  }
}
