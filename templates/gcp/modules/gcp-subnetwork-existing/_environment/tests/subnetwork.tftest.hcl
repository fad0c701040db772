mock_provider "google" {
  mock_data "google_compute_network" {
    defaults = {
      id        = "projects/example/global/networks/vpc-shared"
      self_link = "https://www.googleapis.com/compute/v1/projects/example/global/networks/vpc-shared"

      subnetworks_self_links = [
        "https://www.googleapis.com/compute/v1/projects/example/regions/region/subnetworks/mock",
        "https://www.googleapis.com/compute/v1/projects/example/regions/region-2/subnetworks/mock",
      ]
    }
  }

  mock_data "google_compute_subnetwork" {
    defaults = {
      id            = "projects/example/regions/region/subnetworks/mock"
      ip_cidr_range = "10.24.0.0/16"

      secondary_ip_range = [
        { ip_cidr_range = "10.28.0.0/14", range_name = "gke-pods" },
        { ip_cidr_range = "10.32.0.0/20", range_name = "gke-services" },
      ]
    }
  }
}

variables {
  name             = "vpc-shared"
  kurrent_cidr     = "172.22.110.0/24"
  nodes_cidr       = "10.24.0.0/16"
  region           = "region"
  secondary_ranges = { pods = "10.28.0.0/14" }
}

run "the_subnet_is_found_by_its_ranges" {
  module {
    source = "../../modules/gcp-subnetwork-existing"
  }

  assert {
    condition     = output.subnetwork_id == "projects/example/regions/region/subnetworks/mock"
    error_message = "The wrong subnet is used, not the one with the planned range."
  }

  assert {
    condition     = output.secondary_range_names == { pods = "gke-pods" }
    error_message = "Pods would get addresses from another secondary range than the planned one."
  }

  assert {
    condition = keys(data.google_compute_subnetwork.regional) == [
      "https://www.googleapis.com/compute/v1/projects/example/regions/region/subnetworks/mock"
    ]
    error_message = "Subnets of other regions are looked up."
  }

  assert {
    condition     = [output.project, output.network_name] == ["example", "vpc-shared"]
    error_message = "The peering has another project or network than those that are looked up."
  }
}

run "a_network_without_such_a_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/gcp-subnetwork-existing"
  }

  variables {
    nodes_cidr       = "10.25.0.0/16"
    secondary_ranges = {}
  }

  expect_failures = [output.subnetwork_id]
}

run "a_subnet_without_such_a_secondary_range_is_refused" {
  command = plan

  module {
    source = "../../modules/gcp-subnetwork-existing"
  }

  variables {
    secondary_ranges = { pods = "10.28.0.0/15" }
  }

  expect_failures = [output.secondary_range_names]
}

run "a_kurrent_network_that_a_subnet_of_another_region_overlaps_is_refused" {
  command = plan

  module {
    source = "../../modules/gcp-subnetwork-existing"
  }

  override_data {
    target = data.google_compute_subnetwork.elsewhere
    values = {
      ip_cidr_range      = "10.132.0.0/20"
      secondary_ip_range = []
    }
  }

  variables {
    kurrent_cidr = "10.132.8.0/24"
  }

  expect_failures = [output.network_name]
}
