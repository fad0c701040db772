module "kurrent_read_only_replicas" {
  source = "../../modules/kurrent-read-only-replicas"

  database      = module.kurrent_database
  protected     = var.database.protected
  replica_count = var.database.read_only_replicas
}
