variable "vpc_id" {
  type = string
}

variable "zone" {
  type = string
}

variable "cidr" {
  type = string
}

variable "tiers" {
  type = list(string)
}

module "subnet" {
  source = "../subnet"
  count  = length(var.tiers)

  vpc_id = var.vpc_id
  cidr   = cidrsubnet(var.cidr, 4, count.index)
  zone   = "eu-central-1${var.zone}"
  public = var.tiers[count.index] == "web"
}

output "ids" {
  value = module.subnet[*].id
}
