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

run "every_range_stands_where_the_plan_put_it" {
  command = plan

  assert {
    condition     = module.kurrent.cidr_block == "10.255.255.0/24"
    error_message = "The Kurrent network has another range than planned."
  }

  assert {
    condition     = module.network.nodes_cidr == "10.0.128.0/20"
    error_message = "The subnet has another primary range than planned."
  }

  assert {
    condition = module.network.secondary_ranges == {
      pods = "10.0.0.0/17"
    }
    error_message = "The subnet has other secondary ranges than planned."
  }

  assert {
    condition     = module.kubernetes.pods_range_name == "pods"
    error_message = "Pods do not take their addresses from the range that was planned for them."
  }

  assert {
    condition     = module.kurrent.routes == toset(["10.0.0.0/16"])
    error_message = "The Kurrent network routes to other ranges than planned."
  }

  assert {
    condition = module.kurrent.covered_ranges == tomap({
      nodes = "10.0.128.0/20"
      pods  = "10.0.0.0/17"
    })
    error_message = "Not every range that talks to the database is compared with the routes."
  }
}

run "custom_routes_go_both_ways" {
  command = plan

  assert {
    condition     = module.peering.exports_custom_routes == true
    error_message = "The Kurrent network does not learn your static routes, such as those to pods outside of any subnet."
  }

  assert {
    condition     = module.peering.imports_custom_routes == true
    error_message = "Your network does not learn the static routes of the Kurrent network."
  }
}

run "the_peering_joins_the_network_of_the_cluster_to_the_network_of_the_database" {
  assert {
    condition     = module.peering.network_id == module.network.network_id
    error_message = "The peering starts at another network than the cluster's."
  }

  assert {
    condition     = module.peering.peer_network_id == module.kurrent.provider_metadata["gcp_network_id"]
    error_message = "The peering ends at another network than Kurrent Cloud named."
  }

  assert {
    condition = module.kurrent.peer == {
      account_id = module.network.project
      network_id = module.network.network_name
      region     = var.region
    }
    error_message = "Kurrent Cloud was told another project, network name or region than the cluster's."
  }

  assert {
    condition     = module.kurrent.resource_provider == "gcp"
    error_message = "The Kurrent network is on another cloud than the cluster."
  }
}

run "a_range_with_host_bits_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent = "10.20.30.1/24"
      nodes   = "10.0.128.0/20"
      pods    = "10.0.0.0/17"
    }
  }

  expect_failures = [var.ranges]
}

run "a_range_over_the_kurrent_network_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent = "10.0.128.0/20"
      nodes   = "10.0.128.0/20"
      pods    = "10.0.0.0/17"
    }
  }

  expect_failures = [var.ranges]
}

run "an_empty_remote_range_is_refused" {
  command = plan

  variables {
    remote = []
  }

  expect_failures = [var.remote]
}

run "a_remote_range_that_kurrent_cloud_cannot_route_to_is_refused" {
  command = plan

  variables {
    remote = ["10.0.0.0/7"]
  }

  expect_failures = [var.remote]
}
