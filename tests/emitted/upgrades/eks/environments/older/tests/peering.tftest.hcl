# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "kurrentcloud" {}

variables {
  covered_ranges = { nodes = "10.24.0.0/16", pods = "10.25.128.0/17" }
  name           = "test"
  routes         = ["10.24.0.0/15"]

  network = {
    cidr_block        = "10.20.30.0/24"
    network_id        = "network"
    project_id        = "project"
    resource_provider = "aws"
  }

  peer = {
    account_id = "account"
    network_id = "network"
    region     = "region"
  }
}

run "ranges_inside_the_routes_are_peered" {
  module {
    source = "../../modules/kurrent-peering"
  }

  assert {
    condition     = kurrentcloud_peering.this.routes == toset(["10.24.0.0/15"])
    error_message = "The peering routes to something else than it was given."
  }

  assert {
    condition     = kurrentcloud_peering.this.peer_resource_provider == var.network.resource_provider
    error_message = "The peering spells the cloud otherwise than its network, and would be replaced by the next plan."
  }

  assert {
    condition = [kurrentcloud_peering.this.project_id, kurrentcloud_peering.this.network_id] == [
      var.network.project_id, var.network.network_id
    ]
    error_message = "The peering is with another Kurrent network than the one that was given."
  }
}
