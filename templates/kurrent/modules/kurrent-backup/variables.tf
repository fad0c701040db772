variable "database" {
  description = "Database to back up, and its project."
  type = object({
    cluster_id = string
    project_id = string
  })
}

variable "name" {
  description = "Name of the database."
  type        = string
}

variable "settings" {
  description = "Schedule of backups, number of kept backups, and their name."
  type = object({
    description = string
    keep        = number
    schedule    = string
  })
}
