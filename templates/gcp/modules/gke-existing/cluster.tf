locals {
  # LOCATION/NAME, or the name alone of a cluster that is regional.
  path = split("/", var.name)
}

# Found by what was typed, so that a plan always knows it.
data "google_container_cluster" "this" {
  name     = reverse(local.path)[0]
  location = length(local.path) > 1 ? local.path[0] : var.region
}

locals {
  # A pool may take its pods' addresses from a range of its own.
  other_pod_ranges = [
    for pool in data.google_container_cluster.this.node_pool : "${pool.name} (${pool.network_config[0].pod_ipv4_cidr_block})"
    if !contains(["", var.pods_cidr], try(coalesce(pool.network_config[0].pod_ipv4_cidr_block), ""))
  ]
}

# A warning only: such pods may have no need of the database.
check "pools" {
  assert {
    condition     = length(local.other_pod_ranges) == 0
    error_message = "Pools of ${var.name} have ranges of their own for pods: ${join(", ", local.other_pod_ranges)}. Pods there reach the database only if the remote range holds them."
  }
}
