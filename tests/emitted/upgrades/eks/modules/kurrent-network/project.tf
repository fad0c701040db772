# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

resource "kurrentcloud_project" "this" {
  name = var.name
}
