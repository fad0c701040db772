variable "apis" {
  description = "Names of the APIs to enable."
  type        = set(string)

  validation {
    condition     = alltrue([for api in var.apis : endswith(api, ".googleapis.com")])
    error_message = "Each of the apis must be a name such as container.googleapis.com."
  }
}
