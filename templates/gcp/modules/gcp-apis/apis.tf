resource "google_project_service" "this" {
  for_each = var.apis

  service = each.key

  # Other environments of the project use them, too.
  disable_on_destroy = false
}
