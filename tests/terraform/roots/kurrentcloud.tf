terraform {
  required_providers {
    kurrentcloud = {
      source = "kurrent-io/kurrentcloud"
    }
  }
}

resource "kurrentcloud_project" "this" {
  name = "example"
}

resource "kurrentcloud_network" "this" {
  name              = "example"
  project_id        = kurrentcloud_project.this.id
  resource_provider = "aws"
  region            = "eu-west-1"
  cidr_block        = "10.1.0.0/16"
}

resource "kurrentcloud_peering" "this" {
  name                   = "example"
  project_id             = kurrentcloud_project.this.id
  network_id             = kurrentcloud_network.this.id
  peer_resource_provider = "aws"
  peer_network_region    = "eu-west-1"
  peer_account_id        = "123456789012"
  peer_network_id        = "vpc-0123456789abcdef0"
  routes                 = ["10.0.0.0/16"]
}

output "link" {
  value = kurrentcloud_peering.this.provider_metadata["aws_peering_link_id"]
}
