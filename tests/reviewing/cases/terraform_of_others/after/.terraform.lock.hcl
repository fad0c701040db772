provider "registry.terraform.io/hashicorp/aws" {
  version = "6.1.0"
  hashes = [
    "h1:6.1.0",
  ]
}
