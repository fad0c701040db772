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

run "every_route_goes_through_the_accepted_connection" {
  module {
    source = "../../modules/aws-peering"
  }

  providers = {
    aws = aws
  }

  variables {
    kurrent_cidr    = "10.255.255.0/24"
    name            = "older"
    peering_link_id = "pcx-0123456789abcdef0"
    route_table_ids = { main = "rtb-0123456789abcdef0", public = "rtb-0123456789abcdef1" }
  }

  assert {
    condition     = aws_vpc_peering_connection_accepter.this.auto_accept
    error_message = "Nobody accepts the peering."
  }

  assert {
    condition = alltrue([
      for route in aws_route.kurrent : route.vpc_peering_connection_id == aws_vpc_peering_connection_accepter.this.id
    ])
    error_message = "A route does not wait for the peering to be accepted."
  }

  assert {
    condition     = tomap({ for table, route in aws_route.kurrent : table => route.route_table_id }) == tomap(var.route_table_ids)
    error_message = "A route is in another table than it should be."
  }
}

# Before any subnet is there: it would keep its zone.
run "named_zones_are_taken_in_their_order" {
  command = plan

  module {
    source = "../../modules/aws-network"
  }

  providers = {
    aws = aws
  }

  variables {
    name         = "older"
    cidr_block   = "10.24.0.0/16"
    node_subnets = { nodes-1 = "10.24.0.0/18", nodes-2 = "10.24.64.0/18" }
    zones        = ["eu-central-1c", "eu-central-1a"]
  }

  assert {
    condition     = output.node_subnet_zones == { nodes-1 = "eu-central-1c", nodes-2 = "eu-central-1a" }
    error_message = "A node subnet is in another zone than the one that was named."
  }
}

run "every_node_subnet_is_public_and_in_a_zone_of_its_own" {
  module {
    source = "../../modules/aws-network"
  }

  providers = {
    aws = aws
  }

  variables {
    name       = "older"
    cidr_block = "10.0.0.0/16"
    zones      = []
    node_subnets = {
      nodes-1 = "10.0.0.0/18"
      nodes-2 = "10.0.64.0/18"
    }
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.nodes : subnet.map_public_ip_on_launch])
    error_message = "A node in a subnet without automatic public addresses never joins the cluster."
  }

  assert {
    condition     = length(distinct([for subnet in aws_subnet.nodes : subnet.availability_zone])) == 2
    error_message = "Two node subnets share a zone."
  }

  assert {
    condition = {
      for name, association in aws_route_table_association.nodes : name => association.route_table_id
      } == {
      nodes-1 = output.route_table_ids.public
      nodes-2 = output.route_table_ids.public
    }
    error_message = "A node subnet uses a route table that gets no route to the Kurrent network."
  }

  assert {
    condition     = aws_route.internet.gateway_id == aws_internet_gateway.this.id && aws_route.internet.route_table_id == aws_route_table.public.id
    error_message = "The node subnets have no way to the internet."
  }
}

run "a_zone_that_the_region_does_not_have_is_refused" {
  command = plan

  module {
    source = "../../modules/aws-network"
  }

  providers = {
    aws = aws
  }

  variables {
    name         = "older"
    cidr_block   = "10.24.0.0/16"
    node_subnets = { nodes-1 = "10.24.0.0/18", nodes-2 = "10.24.64.0/18" }
    zones        = ["eu-central-1a", "eu-central-1x"]
  }

  expect_failures = [aws_subnet.nodes]
}
