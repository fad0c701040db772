module "kurrent_acl" {
  source = "../../modules/kurrent-acl"

  name        = var.environment
  project_id  = module.kurrent_network.project_id
  cidr_blocks = var.acl
}
