variable "region" {
  description = "Region of the cluster, for the command that changes the number of nodes."
  type        = string
}
