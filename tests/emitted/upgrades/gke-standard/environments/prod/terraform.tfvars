# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

database = {
  disk_type = "ssd"
  disk_size = 100
}

environment = "prod"

ranges = {
  kurrent = "10.255.255.0/24"
  nodes   = "10.0.128.0/20"
  pods    = "10.0.0.0/17"
}

region = "europe-west2"

remote = ["10.0.0.0/16"]
