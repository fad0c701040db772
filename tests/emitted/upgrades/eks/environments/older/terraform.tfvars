# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

database = {
  disk_type       = "gp3"
  disk_size       = 100
  disk_iops       = 3000
  disk_throughput = 125
}

environment = "older"

ranges = {
  kurrent  = "10.255.255.0/24"
  network  = "10.0.0.0/16"
  nodes-1  = "10.0.0.0/18"
  nodes-2  = "10.0.64.0/18"
  services = "172.20.0.0/16"
}

region = "eu-central-1"

remote = ["10.0.0.0/16"]
