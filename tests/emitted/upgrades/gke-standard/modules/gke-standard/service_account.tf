# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Without an account of their own, nodes take the Compute Engine default account, which other
# machines of the project share and which may do more.
resource "google_service_account" "nodes" {
  account_id   = "gke-nodes-${var.name}"
  display_name = "Nodes of the GKE cluster gke-${var.name}"
}

# The least that a node needs.
# https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
resource "google_project_iam_member" "nodes" {
  project = google_service_account.nodes.project
  role    = "roles/container.defaultNodeServiceAccount"
  member  = google_service_account.nodes.member
}
