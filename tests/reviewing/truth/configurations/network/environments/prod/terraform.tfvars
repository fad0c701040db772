vpc_cidr   = "10.20.0.0/16"
zone_count = 3

groups = {
  web = {
    reason = "Load balancers"
    rules = {
      http = {
        port  = 80
        cidrs = ["0.0.0.0/0"]
      }
      https = {
        port  = 443
        cidrs = ["0.0.0.0/0", "203.0.113.0/24"]
      }
    }
  }
  internal = {
    egress = false
    rules = {
      metrics = {
        port  = 9090
        cidrs = ["10.20.0.0/16"]
      }
    }
  }
}
