variable "kubernetes" {
  description = "Settings of the GKE cluster."
  type = object({
    deletion_protection    = optional(bool, true)
    endpoint_access_ranges = optional(set(string), ["0.0.0.0/0"])
    release_channel        = optional(string, "REGULAR")
  })
  default = {}

  validation {
    condition     = contains(["EXTENDED", "RAPID", "REGULAR", "STABLE"], var.kubernetes.release_channel)
    error_message = "The release_channel must be EXTENDED, RAPID, REGULAR or STABLE."
  }
}
