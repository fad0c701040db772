mock_provider "aws" {}

variables {
  cluster = {
    id              = "prod"
    launch_template = { id = "lt-0123456789abcdef0", version = "1" }
    node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
    version         = "1.36"
  }
  subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
}
