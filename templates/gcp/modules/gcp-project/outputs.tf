output "number" {
  description = "Number of the project, which the names of its service agents contain."
  value       = data.google_project.this.number
}

output "project_id" {
  description = "Id of the project."
  value       = trimprefix(data.google_project.this.id, "projects/")
}
