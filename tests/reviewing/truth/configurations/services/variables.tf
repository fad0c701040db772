variable "name" {
  type    = string
  default = "shop"
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "domain" {
  type    = string
  default = "shop.example.com"
}

variable "registry" {
  type    = string
  default = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
}

variable "tag" {
  type    = string
  default = "1.0.0"
}

variable "insights" {
  type    = bool
  default = true
}

variable "bastions" {
  type    = number
  default = 0
}

variable "log_bucket" {
  type    = string
  default = null
}

variable "services" {
  type = map(object({
    cpu      = optional(number)
    memory   = optional(number)
    count    = optional(number)
    port     = optional(number)
    priority = optional(number)
    public   = optional(bool)
  }))
}
