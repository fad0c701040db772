output "host_project" {
  description = "Id of the host project, once the service project is attached to it."
  value       = google_compute_shared_vpc_service_project.this.host_project
}
