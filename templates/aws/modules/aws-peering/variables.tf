variable "kurrent_cidr" {
  description = "Range of the Kurrent network."
  type        = string
}

variable "name" {
  description = "Suffix of the name tag."
  type        = string
}

variable "peering_link_id" {
  description = "Id of the peering connection that Kurrent Cloud asked for (pcx-...)."
  type        = string
}

variable "route_table_ids" {
  description = "Ids of all route tables whose subnets use the database, by a name that is known before apply."
  type        = map(string)

  validation {
    condition     = length(var.route_table_ids) > 0
    error_message = "Set every route table of the nodes, such as { main = \"rtb-0a1b2c3d\" }."
  }
}
