variable "name" {
  description = "Name of the environment, for names and tags."
  type        = string
}

variable "region" {
  description = "Region of the VPC, for the role's name: roles are global."
  type        = string
}

variable "retention_days" {
  description = "Days that CloudWatch keeps the log."
  type        = number
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}
