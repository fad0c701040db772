variable "route_table_ids" {
  description = <<-EOT
    Route tables of the VPC that get a route to the Kurrent network; none means all
    of them. Name them where one is a gateway's, which AWS gives no such route, or
    is kept by others.
  EOT
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.route_table_ids : can(regex("^rtb-[0-9a-f]+$", id))])
    error_message = "Each must be the id of a route table, such as rtb-0a1b2c3d4e5f60718."
  }
}
