module "kubernetes" {
  source = "../../modules/eks-existing"

  name         = var.existing.kubernetes
  region       = var.region
  service_cidr = var.ranges.services
  vpc_id       = module.network.vpc_id
}
