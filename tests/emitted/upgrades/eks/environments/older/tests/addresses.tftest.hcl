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

run "every_range_stands_where_the_plan_put_it" {
  command = plan

  assert {
    condition     = module.kurrent_network.cidr_block == "10.255.255.0/24"
    error_message = "The Kurrent network has another range than planned."
  }

  assert {
    condition     = module.network.vpc_cidr_block == "10.0.0.0/16"
    error_message = "The VPC has another range than planned."
  }

  assert {
    condition = module.network.node_subnet_cidrs == {
      nodes-1 = "10.0.0.0/18"
      nodes-2 = "10.0.64.0/18"
    }
    error_message = "The node subnets have other ranges than planned."
  }

  assert {
    condition     = module.kubernetes.service_cidr == "172.20.0.0/16"
    error_message = "The Kubernetes services have another range than planned."
  }

  assert {
    condition     = module.kurrent_peering.routes == toset(["10.0.0.0/16"])
    error_message = "The Kurrent network routes to other ranges than planned."
  }

  assert {
    condition = module.kurrent_peering.covered_ranges == tomap({
      network = "10.0.0.0/16"
    })
    error_message = "Nobody checks that the peering reaches the VPC."
  }

  assert {
    condition = module.peering.routes == {
      main   = "10.255.255.0/24"
      public = "10.255.255.0/24"
    }
    error_message = "A route table has no route to the Kurrent network, or one too many."
  }
}

run "both_halves_of_the_peering_are_one_connection" {
  assert {
    condition     = module.peering.connection_id == module.kurrent_peering.provider_metadata["aws_peering_link_id"]
    error_message = "The connection that was accepted is not the one that Kurrent Cloud asked for."
  }

  assert {
    condition = module.kurrent_peering.peer == {
      account_id = module.network.owner_id
      network_id = module.network.vpc_id
      region     = var.region
    }
    error_message = "Kurrent Cloud was told another account, VPC or region than the cluster's."
  }

  assert {
    condition     = module.kurrent_network.resource_provider == "aws"
    error_message = "The Kurrent network is on another cloud than the cluster."
  }
}
