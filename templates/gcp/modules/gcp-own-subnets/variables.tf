variable "flow_logs" {
  description = "Whether the subnets log a part of their flows. Google Cloud bills flow logs."
  type        = bool
  default     = true
}

variable "name" {
  description = "Suffix of the names of the subnets."
  type        = string
}

variable "network_id" {
  description = "Id or self link of the network."
  type        = string
}

variable "region" {
  description = "Region of the subnets."
  type        = string
}

variable "subnets" {
  description = "Ranges of the subnets by name. A range can grow in place; any other change replaces its subnet."
  type        = map(string)
}
