variable "cluster" {
  description = "The cluster that the nodes join, with the role and the launch template of its nodes."
  type = object({
    id              = string
    launch_template = object({ id = string, version = string })
    node_role_arn   = string
    version         = string
  })
}
