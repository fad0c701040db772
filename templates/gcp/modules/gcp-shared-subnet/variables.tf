variable "service_project_number" {
  description = "Number of the project that the cluster is in."
  type        = string
}

variable "subnetwork_id" {
  description = "Id of the subnet: projects/PROJECT/regions/REGION/subnetworks/NAME."
  type        = string
}
