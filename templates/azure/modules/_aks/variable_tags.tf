variable "tags" {
  description = "Tags of all created resources."
  type        = map(string)
}
