# Without this account, nodes use the Compute Engine default account, which other machines share
# and which has more permissions.
resource "google_service_account" "nodes" {
  account_id   = "gke-nodes-${var.name}"
  display_name = "Nodes of the GKE cluster gke-${var.name}"
}

# The minimum for a node.
# https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
resource "google_project_iam_member" "nodes" {
  project = google_service_account.nodes.project
  role    = "roles/container.defaultNodeServiceAccount"
  member  = google_service_account.nodes.member
}
