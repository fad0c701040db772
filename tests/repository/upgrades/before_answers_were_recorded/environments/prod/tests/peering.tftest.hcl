# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "kurrentcloud" {}

variables {
  cidr_block        = "10.20.30.0/24"
  covered_ranges    = { nodes = "10.24.0.0/16", pods = "10.25.128.0/17" }
  name              = "test"
  resource_provider = "gcp"
  routes            = ["10.24.0.0/15"]

  database = {
    disk_size        = 100
    disk_type        = "ssd"
    instance_type    = "c4"
    projection_level = "off"
    protected        = true
    server_version   = "24.10"
    topology         = "three-node-multi-zone"
  }

  peer = {
    account_id = "account"
    network_id = "network"
    region     = "region"
  }
}

run "ranges_inside_the_routes_are_peered" {
  module {
    source = "../../modules/kurrent"
  }

  assert {
    condition     = kurrentcloud_peering.this.routes == toset(["10.24.0.0/15"])
    error_message = "The peering routes to something else than it was given."
  }

  assert {
    condition     = kurrentcloud_peering.this.peer_resource_provider == kurrentcloud_network.this.resource_provider
    error_message = "The peering spells the cloud otherwise than its network, and would be replaced by the next plan."
  }
}

run "a_range_outside_every_route_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent"
  }

  variables {
    covered_ranges = { nodes = "10.24.0.0/16", pods = "10.120.0.0/14" }
  }

  expect_failures = [kurrentcloud_peering.this]
}

run "a_range_larger_than_the_route_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent"
  }

  variables {
    covered_ranges = { nodes = "10.24.0.0/14" }
  }

  expect_failures = [kurrentcloud_peering.this]
}

run "a_route_over_the_kurrent_network_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent"
  }

  variables {
    routes = ["10.16.0.0/12"]
  }

  expect_failures = [kurrentcloud_peering.this]
}
