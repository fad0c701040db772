mock_provider "google" {
  mock_data "google_compute_network" {
    defaults = {
      id                     = "projects/example/global/networks/vpc-shared"
      self_link              = "https://www.googleapis.com/compute/v1/projects/example/global/networks/vpc-shared"
      subnetworks_self_links = ["https://www.googleapis.com/compute/v1/projects/example/regions/mock/subnetworks/mock"]
    }
  }

  mock_data "google_compute_subnetwork" {
    defaults = {
      ip_cidr_range      = "10.24.0.0/16"
      secondary_ip_range = [{ ip_cidr_range = "10.28.0.0/14", range_name = "pods" }]
    }
  }
}

variables {
  name         = "vpc-shared"
  kurrent_cidr = "172.22.110.0/24"
  ranges       = { nodes = "10.24.0.0/18", pods = "10.28.0.0/14" }
}

run "ranges_of_the_subnets_are_taken" {
  module {
    source = "../../modules/gcp-network-existing"
  }

  assert {
    condition     = data.google_compute_network.this.name == "vpc-shared"
    error_message = "The wrong network is looked up."
  }

  assert {
    condition     = [output.project, output.network_name] == ["example", "vpc-shared"]
    error_message = "The peering has another project or network than those that are looked up."
  }

  assert {
    condition     = output.network_id == data.google_compute_network.this.self_link
    error_message = "The peering has another network than the one that is looked up."
  }

  assert {
    condition     = output.ranges == tomap({ nodes = "10.24.0.0/18", pods = "10.28.0.0/14" })
    error_message = "A range is missing in the output."
  }
}

run "a_range_of_no_subnet_is_warned_of" {
  command = plan

  module {
    source = "../../modules/gcp-network-existing"
  }

  variables {
    ranges = { nodes = "10.25.0.0/18" }
  }

  expect_failures = [check.ranges]
}

run "a_range_larger_than_its_subnet_is_warned_of" {
  command = plan

  module {
    source = "../../modules/gcp-network-existing"
  }

  variables {
    ranges = { nodes = "10.24.0.0/15" }
  }

  expect_failures = [check.ranges]
}

run "a_kurrent_network_in_a_secondary_range_is_refused" {
  command = plan

  module {
    source = "../../modules/gcp-network-existing"
  }

  variables {
    kurrent_cidr = "10.31.255.0/24"
  }

  expect_failures = [output.network_name]
}

run "a_kurrent_network_around_a_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/gcp-network-existing"
  }

  variables {
    kurrent_cidr = "10.24.0.0/15"
  }

  expect_failures = [output.network_name]
}

run "a_kurrent_network_next_to_the_subnets_is_accepted" {
  command = plan

  module {
    source = "../../modules/gcp-network-existing"
  }

  variables {
    kurrent_cidr = "10.25.0.0/24"
  }

  assert {
    condition     = length(local.kurrent_overlaps) == 0
    error_message = "An adjacent range is reported as an overlap."
  }
}
