# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "kurrentcloud_network" "this" {
  project_id        = kurrentcloud_project.this.id
  name              = var.name
  resource_provider = var.resource_provider
  region            = var.region
  cidr_block        = var.cidr_block

  lifecycle {
    # The provider cannot rename a network: the request fails at Kurrent Cloud.
    ignore_changes = [name]
  }
}
