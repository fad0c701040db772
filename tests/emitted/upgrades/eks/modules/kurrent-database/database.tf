# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "kurrentcloud_managed_cluster" "this" {
  project_id         = var.network.project_id
  network_id         = var.network.network_id
  name               = var.name
  topology           = var.settings.topology
  instance_type      = var.settings.instance_type
  disk_type          = var.settings.disk_type
  disk_size          = var.settings.disk_size
  disk_iops          = var.settings.disk_iops
  disk_throughput    = var.settings.disk_throughput
  server_version     = var.settings.server_version
  server_version_tag = var.settings.server_version_tag
  projection_level   = var.settings.projection_level
  protected          = var.settings.protected
  acl_id             = var.acl_id
}
