resource "google_compute_network" "this" {
  name = "vpc-${var.name}"

  # An auto-mode network has ranges from 10.128.0.0/9 in every current and future region, and two
  # of them cannot be peered.
  auto_create_subnetworks = false

  #checkov:skip=CKV2_GCP_18:A custom-mode network denies inbound traffic by default, and GKE creates the rules of its nodes.
}
