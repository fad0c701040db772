variable "environment" {
  type    = string
  default = "prod"
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "vpc_cidr" {
  type = string
}

variable "database_cidr" {
  type    = string
  default = "172.29.98.0/24"
}

variable "zone_count" {
  type    = number
  default = 2
}

variable "single_nat" {
  type    = bool
  default = false
}

variable "public_subnets" {
  type    = bool
  default = true
}

variable "peer_owner" {
  type    = string
  default = "210987654321"
}

variable "office" {
  type    = list(string)
  default = ["192.0.2.0/24", "198.51.100.0/24"]
}

variable "endpoints" {
  type    = list(string)
  default = ["sts", "ec2", "logs"]
}

variable "groups" {
  type = map(object({
    reason = optional(string, "Managed by Terraform")
    egress = optional(bool, true)
    rules = map(object({
      port  = number
      cidrs = list(string)
    }))
  }))
}
