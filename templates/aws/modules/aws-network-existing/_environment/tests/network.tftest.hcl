mock_provider "aws" {
  mock_data "aws_route_tables" {
    defaults = {
      ids = ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"]
    }
  }

  mock_data "aws_vpc" {
    defaults = {
      cidr_block_associations = [
        { association_id = "first", cidr_block = "10.24.0.0/16", state = "associated" },
        { association_id = "second", cidr_block = "100.64.0.0/16", state = "associated" },
        { association_id = "third", cidr_block = "10.28.0.0/16", state = "disassociated" },
      ]
    }
  }
}

variables {
  ranges          = { nodes = "10.24.0.0/18", pods = "100.64.0.0/16" }
  route_table_ids = []
  vpc_id          = "vpc-0123456789abcdef0"
}

run "ranges_in_the_blocks_of_the_vpc_are_taken" {
  module {
    source = "../../modules/aws-network-existing"
  }

  assert {
    condition     = [data.aws_vpc.this.id, data.aws_route_tables.all.vpc_id] == [var.vpc_id, var.vpc_id]
    error_message = "The wrong VPC is looked up."
  }

  assert {
    condition     = output.ranges == tomap({ nodes = "10.24.0.0/18", pods = "100.64.0.0/16" })
    error_message = "A range is missing in the output."
  }
}

run "a_range_outside_the_vpc_is_refused" {
  command = plan

  module {
    source = "../../modules/aws-network-existing"
  }

  variables {
    ranges = { nodes = "10.25.0.0/18" }
  }

  expect_failures = [output.ranges]
}

run "a_range_larger_than_the_vpc_is_refused" {
  command = plan

  module {
    source = "../../modules/aws-network-existing"
  }

  variables {
    ranges = { nodes = "10.24.0.0/15" }
  }

  expect_failures = [output.ranges]
}

run "a_block_that_the_vpc_gave_up_holds_nothing" {
  command = plan

  module {
    source = "../../modules/aws-network-existing"
  }

  variables {
    ranges = { nodes = "10.28.0.0/18" }
  }

  expect_failures = [output.ranges]
}

run "a_route_table_of_another_vpc_is_refused" {
  command = plan

  module {
    source = "../../modules/aws-network-existing"
  }

  variables {
    route_table_ids = ["rtb-0123456789abcdef0", "rtb-0fedcba9876543210"]
  }

  expect_failures = [output.route_table_ids]
}
