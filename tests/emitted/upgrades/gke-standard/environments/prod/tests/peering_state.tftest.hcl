# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "google" {
  mock_resource "google_compute_network_peering" {
    defaults = {
      state         = "INACTIVE"
      state_details = "Waiting for peer network to connect."
    }
  }
}

run "a_peering_that_is_not_active_is_warned_of" {
  module {
    source = "../../modules/gcp-peering"
  }

  variables {
    name            = "test"
    network_id      = "projects/example/global/networks/mock"
    peer_network_id = "projects/kurrent-example/global/networks/kurrent-mock"
  }

  expect_failures = [check.peering]
}
