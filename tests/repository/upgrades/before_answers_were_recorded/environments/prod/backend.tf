# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# State stays in this folder until it has a better place: put a backend block
# into backend_override.tf, and Terraform takes that one instead.
terraform {
  backend "local" {}
}
