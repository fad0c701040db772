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
    resource_provider = "gcp"
  }

  peer = {
    account_id = "account"
    network_id = "network"
    region     = "region"
  }
}

run "a_range_outside_every_route_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent-peering"
  }

  variables {
    covered_ranges = { nodes = "10.24.0.0/16", pods = "10.120.0.0/14" }
  }

  expect_failures = [kurrentcloud_peering.this]
}

run "a_range_larger_than_the_route_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent-peering"
  }

  variables {
    covered_ranges = { nodes = "10.24.0.0/14" }
  }

  expect_failures = [kurrentcloud_peering.this]
}

run "a_route_over_the_kurrent_network_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent-peering"
  }

  variables {
    routes = ["10.16.0.0/12"]
  }

  expect_failures = [kurrentcloud_peering.this]
}

run "no_route_at_all_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent-peering"
  }

  variables {
    covered_ranges = {}
    routes         = []
  }

  expect_failures = [var.routes]
}

run "a_cloud_that_kurrent_cloud_spells_otherwise_is_refused" {
  command = plan

  module {
    source = "../../modules/kurrent-peering"
  }

  variables {
    network = {
      cidr_block        = "10.20.30.0/24"
      network_id        = "network"
      project_id        = "project"
      resource_provider = "GCP"
    }
  }

  expect_failures = [var.network]
}
