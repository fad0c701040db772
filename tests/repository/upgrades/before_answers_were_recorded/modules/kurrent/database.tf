# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "kurrentcloud_managed_cluster" "this" {
  project_id         = kurrentcloud_project.this.id
  network_id         = kurrentcloud_network.this.id
  name               = var.name
  topology           = var.database.topology
  instance_type      = var.database.instance_type
  disk_type          = var.database.disk_type
  disk_size          = var.database.disk_size
  disk_iops          = var.database.disk_iops
  disk_throughput    = var.database.disk_throughput
  server_version     = var.database.server_version
  server_version_tag = var.database.server_version_tag
  projection_level   = var.database.projection_level
  protected          = var.database.protected
}
