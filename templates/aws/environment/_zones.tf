variable "zones" {
  description = <<-EOT
    Zones of nodes-1, nodes-2 and so on, in this order, such as eu-central-1b; empty
    selects the first zones of the region. An existing subnet keeps its zone.
  EOT
  type        = list(string)
  default     = []
  nullable    = false
}
