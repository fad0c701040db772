variable "cidr_blocks" {
  description = "Ranges that can reach the database, by owner."
  type        = map(string)
}

variable "name" {
  description = "Name of the access list."
  type        = string
}

variable "project_id" {
  description = "Id of the project that the database is in."
  type        = string
}
