module "kurrent_database" {
  source = "../../modules/kurrent-database-existing"

  dns_name = var.existing.database
  topology = var.database.topology
}
