variable "cluster_name" {
  description = "Name of the cluster. A change replaces the cluster."
  type        = string
}

variable "name" {
  description = "Name of the environment, for names of roles and of the launch template."
  type        = string
}

variable "pod_subnet_ids" {
  description = "Ids of the subnets for pods, by zone: one for each zone with nodes."
  type        = map(string)
}

variable "prefix_delegation" {
  description = "Whether nodes take prefixes of 16 addresses for pods instead of single ones."
  type        = bool
}

variable "region" {
  description = "Region of the cluster, for the command that connects to it and for role names: roles are global."
  type        = string
}

variable "service_cidr" {
  description = "Range of the Kubernetes services. A change replaces the cluster."
  type        = string
}

variable "settings" {
  description = "Settings of the cluster and of its nodes' disks."
  type = object({
    admin_arns             = set(string)
    disk_size              = number
    endpoint_access_ranges = set(string)
    log_retention_days     = number
    log_types              = set(string)
    secrets_key_arn        = optional(string)
    version                = optional(string)
    viewer_arns            = set(string)
  })
}

variable "snat" {
  description = "Whether pods leave the VPC with the address of their node. Pods that keep their address need separate routes in both directions."
  type        = bool
}

variable "subnet_ids" {
  description = "Ids of the subnets for nodes, in at least two zones."
  type        = list(string)
}

variable "tags" {
  description = "Tags of instances and disks, which the provider's default tags do not reach."
  type        = map(string)
}
