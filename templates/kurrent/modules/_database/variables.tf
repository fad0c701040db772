variable "acl_id" {
  description = "Id of the access list; null for none. A change replaces the database."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the database."
  type        = string
}

variable "network" {
  description = "Kurrent network of the database, and its project."
  type = object({
    network_id = string
    project_id = string
  })
}

variable "settings" {
  description = "Settings of the database cluster."
  type = object({
    disk_iops          = optional(number)
    disk_size          = number
    disk_throughput    = optional(number)
    disk_type          = string
    instance_type      = string
    projection_level   = string
    protected          = bool
    server_version     = string
    server_version_tag = optional(string)
    topology           = string
  })
}
