variable "virtual_network_id" {
  description = "Id of the VNet, available once Kurrent Cloud has its role on it."
  type        = string
}
