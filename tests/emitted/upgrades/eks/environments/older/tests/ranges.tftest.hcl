# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names = ["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d", "eu-central-1e", "eu-central-1f"]
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mock"
    }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id             = "lt-0123456789abcdef0"
      latest_version = 1
    }
  }

  mock_resource "aws_vpc_peering_connection_accepter" {
    defaults = {
      accept_status = "active"
    }
  }
}

mock_provider "kurrentcloud" {
  mock_resource "kurrentcloud_peering" {
    defaults = {
      provider_metadata = {
        aws_peering_link_id = "pcx-0123456789abcdef0"
      }
    }
  }
}

run "a_node_subnet_outside_the_vpc_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.0.0.0/16"
      nodes-1  = "192.0.2.0/24"
      nodes-2  = "10.0.64.0/18"
      services = "172.20.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "a_node_subnet_larger_than_the_vpc_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.24.0.0/20"
      nodes-1  = "10.24.0.0/18"
      nodes-2  = "10.0.64.0/18"
      services = "172.20.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "services_over_the_vpc_are_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.0.0.0/16"
      nodes-1  = "10.0.0.0/18"
      nodes-2  = "10.0.64.0/18"
      services = "10.0.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "node_subnets_over_each_other_are_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.0.0.0/16"
      nodes-1  = "10.0.0.0/18"
      nodes-2  = "10.0.0.0/18"
      services = "172.20.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "days_that_cloudwatch_does_not_know_are_refused" {
  command = plan

  variables {
    kubernetes = { log_retention_days = 100 }
  }

  expect_failures = [var.kubernetes]
}

run "a_range_with_host_bits_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.20.30.1/24"
      network  = "10.0.0.0/16"
      nodes-1  = "10.0.0.0/18"
      nodes-2  = "10.0.64.0/18"
      services = "172.20.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "a_range_over_the_kurrent_network_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.0.0.0/16"
      network  = "10.0.0.0/16"
      nodes-1  = "10.0.0.0/18"
      nodes-2  = "10.0.64.0/18"
      services = "172.20.0.0/16"
    }
  }

  expect_failures = [var.ranges]
}

run "nodes-2_over_nodes-1_is_refused" {
  command = plan

  variables {
    ranges = {
      kurrent  = "10.255.255.0/24"
      network  = "10.0.0.0/16"
      nodes-1  = "10.0.0.0/18"
      nodes-2  = "10.0.0.0/18"
      services = "172.20.0.0/16"
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
