locals {
  # projects/PROJECT/regions/REGION/subnetworks/NAME
  path = reverse(split("/", var.subnetwork_id))

  # GKE creates nodes as the second, and all else as the first.
  # https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-shared-vpc#enabling_and_granting_roles
  agents = {
    gke  = "service-${var.service_project_number}@container-engine-robot.iam.gserviceaccount.com"
    apis = "${var.service_project_number}@cloudservices.gserviceaccount.com"
  }
}

resource "google_compute_subnetwork_iam_member" "this" {
  for_each = local.agents

  project    = local.path[4]
  region     = local.path[2]
  subnetwork = local.path[0]
  role       = "roles/compute.networkUser"
  member     = "serviceAccount:${each.value}"
}
