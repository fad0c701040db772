variable "route_table_ids" {
  description = <<-EOT
    Route tables of the VPC that get a route to the Kurrent network; empty selects all.
    List them if one is the table of a gateway, which AWS refuses such a route, or if
    another team manages one.
  EOT
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.route_table_ids : can(regex("^rtb-[0-9a-f]+$", id))])
    error_message = "Each must be the id of a route table, such as rtb-0a1b2c3d4e5f60718."
  }
}
