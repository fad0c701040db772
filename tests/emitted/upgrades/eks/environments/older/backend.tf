# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# State stays in this folder, which suits one person: name a bucket or a container
# under [backend] in escscaffold.toml before two share this environment.
terraform {
  backend "local" {}
}
