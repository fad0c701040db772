variable "database" {
  description = <<-EOT
    The database cluster. An upgrade needs server_version and server_version_tag
    together; leave the tag out of a new database.
  EOT
  type = object({
    disk_iops          = optional(number)
    disk_size          = number
    disk_throughput    = optional(number)
    disk_type          = string
    instance_type      = optional(string, "c4")
    projection_level   = optional(string, "off")
    protected          = optional(bool, true)
    server_version     = optional(string, "24.10")
    server_version_tag = optional(string)
    topology           = optional(string, "three-node-multi-zone")
  })

  validation {
    condition     = contains(["single-node", "three-node-multi-zone"], var.database.topology)
    error_message = "The topology must be three-node-multi-zone or single-node."
  }

  validation {
    condition     = contains(["f1", "c4", "m8", "m16", "m32", "m64", "m128"], var.database.instance_type)
    error_message = "The instance_type must be f1, c4, m8, m16, m32, m64 or m128, in lower case."
  }

  validation {
    condition     = contains(["gp3", "premium-ssd-lrs", "ssd"], var.database.disk_type)
    error_message = "The disk_type must be gp3, premium-ssd-lrs or ssd, in lower case."
  }

  validation {
    condition     = var.database.disk_size >= 8 && var.database.disk_size <= 4096
    error_message = "The disk_size must be 8 to 4096 GB, such as 100."
  }

  validation {
    condition = (var.database.disk_type == "gp3"
      ? var.database.disk_iops != null && var.database.disk_throughput != null
      : var.database.disk_iops == null && var.database.disk_throughput == null
    )
    error_message = "A gp3 disk needs disk_iops and disk_throughput, such as 3000 and 125; no other disk takes them."
  }

  validation {
    condition     = contains(["off", "system", "user"], var.database.projection_level)
    error_message = "The projection_level must be off, system or user."
  }
}
