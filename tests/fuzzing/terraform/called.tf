module "vpc" {
  source = "./vpc"
  count  = 2
  cidr   = cidrsubnets("10.64.0.0/12", 4, 4, 8)[count.index]
}
output "x" {
  value = <<-EOT
    a ${join(",", [for o in module.vpc : o.id])} %{ if true }b%{ endif }
  EOT
}
