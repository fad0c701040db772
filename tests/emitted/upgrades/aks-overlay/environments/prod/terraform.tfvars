# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

database = {
  disk_type = "premium-ssd-lrs"
  disk_size = 256
}

environment = "prod"

ranges = {
  kurrent  = "10.255.255.0/24"
  network  = "10.0.0.0/16"
  nodes    = "10.0.0.0/20"
  pods     = "10.244.0.0/16"
  services = "10.254.0.0/16"
}

region = "westeurope"

remote = ["10.0.0.0/16"]
