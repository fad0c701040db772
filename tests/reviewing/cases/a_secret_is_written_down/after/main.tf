provider "kurrentcloud" {
  token = "not-a-real-refresh-token"
}

variable "db_password" {
  type    = string
  default = "hunter2"
}

variable "secret_name" {
  type    = string
  default = "where-it-is-kept"
}
