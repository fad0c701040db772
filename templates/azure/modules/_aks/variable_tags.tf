variable "tags" {
  description = "Tags of everything made here."
  type        = map(string)
}
