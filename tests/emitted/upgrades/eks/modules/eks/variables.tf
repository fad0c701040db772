# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "region" {
  description = "Region of the cluster, for the command that connects to it and for role names: roles know no region."
  type        = string
}

variable "service_cidr" {
  description = "Range of the Kubernetes services. Another value makes a new cluster."
  type        = string
}

variable "settings" {
  description = "Settings of the cluster and its nodes."
  type = object({
    ami_type               = string
    disk_size              = number
    endpoint_access_ranges = set(string)
    instance_types         = list(string)
    log_retention_days     = number
    log_types              = set(string)
    nodes_max              = number
    nodes_min              = number
    secrets_key_arn        = optional(string)
    version                = optional(string)
  })
}

variable "subnet_ids" {
  description = "Ids of the subnets for nodes and pods, in at least two zones."
  type        = list(string)
}

variable "tags" {
  description = "Tags of instances and disks, which the provider's default tags do not reach."
  type        = map(string)
}
