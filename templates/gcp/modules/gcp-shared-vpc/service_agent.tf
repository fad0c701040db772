# GKE in the service project configures the network of the host project through GKE's agent there.
# https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-shared-vpc#grant_host_service_agent_role
resource "google_project_iam_member" "gke" {
  project = var.host_project
  role    = "roles/container.hostServiceAgentUser"
  member  = "serviceAccount:service-${var.service_project_number}@container-engine-robot.iam.gserviceaccount.com"
}
