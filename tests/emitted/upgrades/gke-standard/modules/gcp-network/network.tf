# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "google_compute_network" "this" {
  #checkov:skip=CKV2_GCP_18:A custom-mode network lets nothing in by itself, and GKE makes the rules of its nodes.

  name = "vpc-${var.name}"

  # An auto-mode network has ranges from 10.128.0.0/9 in every region of today and tomorrow,
  # and two of them cannot be peered.
  auto_create_subnetworks = false
}
