variable "database" {
  description = "Database that is backed up, and the project that it is in."
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
  description = "When it is backed up, how many backups are kept, and what each is called."
  type = object({
    description = string
    keep        = number
    schedule    = string
  })
}
