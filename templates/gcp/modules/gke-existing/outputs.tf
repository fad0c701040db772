output "cluster_name" {
  description = "Name of the cluster."
  value       = data.google_container_cluster.this.name

  precondition {
    condition     = endswith(var.network_id, data.google_container_cluster.this.network)
    error_message = "The cluster ${var.name} is in the network ${data.google_container_cluster.this.network}, but the peering is for ${var.network_id}."
  }

  precondition {
    condition     = endswith(var.subnetwork_id, data.google_container_cluster.this.subnetwork)
    error_message = "The nodes of ${var.name} are in ${data.google_container_cluster.this.subnetwork}; the plan has ${var.subnetwork_id}."
  }
}

output "connect_command" {
  description = "Command that lets kubectl reach the cluster."

  # The id is projects/PROJECT/locations/LOCATION/clusters/NAME.
  value = join(" ", [
    "gcloud container clusters get-credentials ${data.google_container_cluster.this.name}",
    "--location ${data.google_container_cluster.this.location}",
    "--project ${split("/", data.google_container_cluster.this.id)[1]}",
  ])
}

output "pods_cidr" {
  description = "Range of the pods."
  value       = data.google_container_cluster.this.cluster_ipv4_cidr

  precondition {
    condition     = data.google_container_cluster.this.cluster_ipv4_cidr == var.pods_cidr
    error_message = "The pods of ${var.name} have ${data.google_container_cluster.this.cluster_ipv4_cidr}; the plan has ${var.pods_cidr}. Set pods = \"${data.google_container_cluster.this.cluster_ipv4_cidr}\" in the ranges of escscaffold.toml."
  }
}

output "services_cidr" {
  description = "Range of the cluster's services."
  value       = data.google_container_cluster.this.services_ipv4_cidr

  precondition {
    condition     = var.services_cidr == null || data.google_container_cluster.this.services_ipv4_cidr == var.services_cidr
    error_message = "The services of ${var.name} have ${data.google_container_cluster.this.services_ipv4_cidr}; the plan has ${coalesce(var.services_cidr, "any")}. Set services = \"${data.google_container_cluster.this.services_ipv4_cidr}\" in the ranges of escscaffold.toml."
  }
}
