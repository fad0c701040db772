output "apis" {
  description = "Names of the APIs that are on."
  value       = toset([for api in google_project_service.this : api.service])
}
