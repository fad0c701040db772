# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

mock_provider "kurrentcloud" {}

variables {
  name = "test"

  network = {
    network_id = "network"
    project_id = "project"
  }

  settings = {
    disk_size        = 100
    disk_type        = "ssd"
    instance_type    = "c4"
    projection_level = "off"
    protected        = true
    server_version   = "24.10"
    topology         = "three-node-multi-zone"
  }
}

run "three_nodes_discover_each_other" {
  module {
    source = "../../modules/kurrent-database"
  }

  assert {
    condition     = output.connection_string == "kurrentdb+discover://${output.dns_name}:2113"
    error_message = "Clients of three nodes must discover them."
  }

  assert {
    condition = [kurrentcloud_managed_cluster.this.project_id, kurrentcloud_managed_cluster.this.network_id] == [
      var.network.project_id, var.network.network_id
    ]
    error_message = "The database is in another Kurrent network than the one that was given."
  }
}

run "a_single_node_needs_no_discovery" {
  module {
    source = "../../modules/kurrent-database"
  }

  variables {
    settings = {
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
