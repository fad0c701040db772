module "kurrent_backup" {
  source = "../../modules/kurrent-backup"

  name     = var.environment
  database = module.kurrent_database
  settings = var.backup
}
