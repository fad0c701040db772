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

run "three_nodes_discover_each_other" {
  module {
    source = "../../modules/kurrent"
  }

  assert {
    condition     = output.connection_string == "kurrentdb+discover://${output.dns_name}:2113"
    error_message = "Clients of three nodes must discover them."
  }
}

run "a_single_node_needs_no_discovery" {
  module {
    source = "../../modules/kurrent"
  }

  variables {
    database = {
      disk_size        = 100
      disk_type        = "ssd"
      instance_type    = "c4"
      projection_level = "off"
      protected        = true
      server_version   = "24.10"
      topology         = "single-node"
    }
  }

  assert {
    condition     = output.connection_string == "kurrentdb://${output.dns_name}:2113"
    error_message = "The connection string asks a single node for others."
  }
}
