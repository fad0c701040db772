variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "zones" {
  type = list(string)
}

variable "public" {
  type    = bool
  default = false
}

variable "single_nat" {
  type    = bool
  default = true
}

variable "nat_on" {
  type    = bool
  default = true
}

variable "dns" {
  type    = bool
  default = false
}

variable "flow_days" {
  type    = number
  default = 30
}

variable "extra_blocks" {
  type    = list(string)
  default = []
}
