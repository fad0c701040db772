bastions   = 2
log_bucket = "example-logs"

services = {
  web = {
    count    = 2
    priority = 10
    public   = true
  }
  api = {
    cpu      = 512
    memory   = 1024
    port     = 9000
    priority = 20
    public   = true
  }
  worker = {
    count = 3
  }
}
