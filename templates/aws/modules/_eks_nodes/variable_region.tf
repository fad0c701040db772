variable "region" {
  description = "Region of the cluster, for the command that brings the number of nodes within its limits."
  type        = string
}
