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

# Applied with mocks, and first: only then is it known whether the peering is active, which
# check.peering asks in each plan after it.
run "the_peering_joins_your_network_to_the_network_of_the_database" {
  assert {
    condition     = module.peering.network_id == module.network.network_id
    error_message = "The peering starts at another network than yours."
  }

  assert {
    condition     = module.peering.peer_network_id == module.kurrent_peering.provider_metadata["gcp_network_id"]
    error_message = "The peering ends at another network than Kurrent Cloud named."
  }

  assert {
    condition = module.kurrent_peering.peer == {
      account_id = module.network.project
      network_id = module.network.network_name
      region     = var.region
    }
    error_message = "Kurrent Cloud was told another project, network name or region than yours."
  }

  assert {
    condition     = module.kurrent_network.resource_provider == "gcp"
    error_message = "The Kurrent network is on another cloud than yours."
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

run "every_range_stands_where_the_plan_put_it" {
  command = plan

  assert {
    condition     = module.kurrent_network.cidr_block == "10.255.255.0/24"
    error_message = "The Kurrent network has another range than planned."
  }

  assert {
    condition     = module.network.nodes_cidr == "10.0.128.0/20"
    error_message = "The subnet has another primary range than planned."
  }

  assert {
    condition = tomap(module.network.secondary_ranges) == tomap({
      pods = "10.0.0.0/17"
    })
    error_message = "The subnet has other secondary ranges than planned."
  }

  assert {
    condition     = module.kubernetes.pods_range_name == module.network.secondary_range_names["pods"]
    error_message = "The pods do not take their addresses from the range that was planned for them."
  }

  assert {
    condition     = module.kurrent_peering.routes == toset(["10.0.0.0/16"])
    error_message = "The Kurrent network routes to other ranges than planned."
  }

  assert {
    condition = module.kurrent_peering.covered_ranges == tomap({
      nodes = "10.0.128.0/20"
      pods  = "10.0.0.0/17"
    })
    error_message = "Not every range that talks to the database is compared with the routes."
  }
}

run "the_cluster_is_in_the_network_of_the_peering" {
  assert {
    condition     = module.kubernetes.subnetwork_id == module.network.subnetwork_id
    error_message = "The nodes are in another subnet than the one that was planned for them."
  }

  assert {
    condition     = module.nat.subnetworks == { (module.network.subnetwork_id) = toset(["ALL_IP_RANGES"]) }
    error_message = "Nodes and pods without public addresses have no way to the internet."
  }
}

run "fewer_nodes_at_most_than_at_least_are_refused" {
  command = plan

  variables {
    kubernetes = { nodes_max = 2, nodes_min = 3 }
  }

  expect_failures = [var.kubernetes]
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

run "pods_over_nodes_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent = "10.255.255.0/24"
      nodes   = "10.0.128.0/20"
      pods    = "10.0.128.0/20"
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

run "a_disk_that_this_cloud_does_not_have_is_refused" {
  command = plan

  variables {
    database = { disk_type = "gp2" }
  }

  expect_failures = [var.database]
}
