# Looked up only by known values, not by attributes of resources: an unknown subnet would replace
# the cluster.
data "google_compute_subnetwork" "regional" {
  for_each = toset([
    for link in data.google_compute_network.this.subnetworks_self_links : link
    if strcontains(link, "/regions/${var.region}/")
  ])

  self_link = each.value
}

locals {
  # Subnets of a network do not overlap, so at most one matches.
  subnetworks = [
    for subnetwork in data.google_compute_subnetwork.regional : subnetwork
    if subnetwork.ip_cidr_range == var.nodes_cidr
  ]

  secondary_range_names = {
    for range in flatten(local.subnetworks[*].secondary_ip_range) : range.ip_cidr_range => range.range_name
  }

  missing_secondary_ranges = [
    for name, cidr in var.secondary_ranges : "${name} (${cidr})"
    if !contains(keys(local.secondary_range_names), cidr)
  ]
}
