mock_provider "google" {}

run "nodes_and_pods_without_public_addresses_reach_the_internet" {
  module {
    source = "../../modules/gcp-nat"
  }

  variables {
    name          = "test"
    network_id    = "projects/example/global/networks/mock"
    region        = "region"
    subnetwork_id = "projects/example/regions/region/subnetworks/mock"
  }

  assert {
    condition = output.subnetworks == {
      "projects/example/regions/region/subnetworks/mock" = toset(["ALL_IP_RANGES"])
    }
    error_message = "The gateway serves other ranges than the nodes and pods of the subnet."
  }

  assert {
    condition     = google_compute_router.this.network == var.network_id
    error_message = "The router is in another network."
  }
}
