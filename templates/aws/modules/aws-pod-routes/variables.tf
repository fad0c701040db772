variable "pod_subnet_ids" {
  description = "Ids of the pod subnets, by name."
  type        = map(string)
}

variable "route_table_ids" {
  description = "Ids of the route tables of the nodes, each by the name of the pod subnet in the same zone."
  type        = map(string)

  validation {
    condition     = keys(var.route_table_ids) == keys(var.pod_subnet_ids)
    error_message = "Each pod subnet needs the route table of the nodes in its zone, by the name of the pod subnet, such as pods-1."
  }
}
