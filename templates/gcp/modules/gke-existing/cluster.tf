locals {
  # LOCATION/NAME, or only the name of a regional cluster.
  path = split("/", var.name)
}

# Looked up by known values, so that it is never unknown in a plan.
data "google_container_cluster" "this" {
  name     = reverse(local.path)[0]
  location = length(local.path) > 1 ? local.path[0] : var.region
}

locals {
  # A pool can have a separate range for its pods.
  other_pod_ranges = [
    for pool in data.google_container_cluster.this.node_pool : "${pool.name} (${pool.network_config[0].pod_ipv4_cidr_block})"
    if !contains(["", var.pods_cidr], try(coalesce(pool.network_config[0].pod_ipv4_cidr_block), ""))
  ]
}

# A warning only: such pods possibly do not use the database.
check "pools" {
  assert {
    condition     = length(local.other_pod_ranges) == 0
    error_message = "Node pools of ${var.name} have separate pod ranges: ${join(", ", local.other_pod_ranges)}. Their pods reach the database only if the remote range covers these."
  }
}
