variable "subnet_ids" {
  description = "Ids of the subnets for nodes, in at least two zones."
  type        = list(string)
}
