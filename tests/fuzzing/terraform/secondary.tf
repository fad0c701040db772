resource "google_compute_subnetwork" "a" {
  ip_cidr_range = "10.9.0.0/20"
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.10.0.0/16"
  }
  lifecycle {
    ignore_changes = [description]
  }
}
moved {
  from = google_compute_subnetwork.b
  to   = google_compute_subnetwork.a
}
