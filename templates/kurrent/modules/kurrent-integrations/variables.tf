variable "database_ids" {
  description = "Databases whose logs and metrics are sent to CloudWatch."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "integrations" {
  description = "Targets of the integrations, by their names."
  type = map(object({
    channel   = optional(string)
    group     = optional(string)
    namespace = optional(string)
    region    = optional(string)
    sink      = string
    source    = optional(string, "issues")
  }))
}

variable "name" {
  description = "Name of the environment, for the descriptions."
  type        = string
}

variable "project_id" {
  description = "Id of the project whose issues and notifications are sent."
  type        = string
}

variable "secrets" {
  description = "Secrets of each integration, by its name."
  type = map(object({
    access_key_id     = optional(string)
    api_key           = optional(string)
    secret_access_key = optional(string)
    token             = optional(string)
  }))
  sensitive = true
}
