# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

variable "zones" {
  description = <<-EOT
    Zones that nodes-1, nodes-2 and so on take in this order, such as eu-central-1b; none
    means the first ones of the region. A subnet keeps the zone that it was made in.
  EOT
  type        = list(string)
  default     = []
  nullable    = false
}
