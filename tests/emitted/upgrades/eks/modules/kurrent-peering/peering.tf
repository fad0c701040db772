# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

locals {
  # A range lies inside a route when it is at least as long and, cut to the
  # route's length, is the route.
  uncovered_ranges = [
    for name, cidr in var.covered_ranges : "${name} (${cidr})" if !anytrue([
      for route in var.routes :
      tonumber(split("/", cidr)[1]) >= tonumber(split("/", route)[1])
      && cidrsubnet("${split("/", cidr)[0]}/${split("/", route)[1]}", 0, 0) == route
    ])
  ]

  # Two ranges overlap when, cut to the shorter length, they are the same.
  overlapping_routes = [
    for route in var.routes : route if(
      cidrhost("${split("/", route)[0]}/${min(split("/", route)[1], split("/", var.network.cidr_block)[1])}", 0)
      == cidrhost("${split("/", var.network.cidr_block)[0]}/${min(split("/", route)[1], split("/", var.network.cidr_block)[1])}", 0)
    )
  ]
}

resource "kurrentcloud_peering" "this" {
  project_id = var.network.project_id
  network_id = var.network.network_id
  name       = var.name

  # Any other spelling than the network's replaces the peering on the next plan.
  peer_resource_provider = var.network.resource_provider

  peer_account_id     = var.peer.account_id
  peer_network_id     = var.peer.network_id
  peer_network_region = var.peer.region
  routes              = var.routes

  lifecycle {
    precondition {
      condition     = length(local.uncovered_ranges) == 0
      error_message = "No route holds ${join(", ", local.uncovered_ranges)}: nothing there could reach the database. Widen the remote ranges (${join(", ", var.routes)})."
    }

    precondition {
      condition     = length(local.overlapping_routes) == 0
      error_message = "The routes ${join(", ", local.overlapping_routes)} overlap the Kurrent network ${var.network.cidr_block}: its nodes would answer each other instead of you."
    }
  }
}
