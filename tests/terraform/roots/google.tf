terraform {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
  }
}

resource "google_compute_network" "this" {
  name                    = "example"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "this" {
  name          = "example"
  network       = google_compute_network.this.id
  ip_cidr_range = "10.0.0.0/20"
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.4.0.0/14"
  }
}
