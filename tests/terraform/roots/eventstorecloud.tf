terraform {
  required_providers {
    eventstorecloud = {
      source = "EventStore/eventstorecloud"
    }
  }
}

resource "eventstorecloud_project" "this" {
  name = "example"
}

output "project" {
  value = eventstorecloud_project.this.id
}
