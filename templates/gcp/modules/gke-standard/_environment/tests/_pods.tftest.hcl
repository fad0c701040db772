run "more_nodes_than_the_pods_range_has_blocks_for_are_refused" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  variables {
    pods_cidr = "10.25.0.0/24"
  }

  expect_failures = [var.settings]
}

run "a_cluster_without_a_range_for_its_pods_is_refused" {
  command = plan

  module {
    source = "../../modules/gke-standard"
  }

  providers = {
    google = google
  }

  variables {
    pods_range_name = ""
  }

  expect_failures = [var.pods_range_name]
}
