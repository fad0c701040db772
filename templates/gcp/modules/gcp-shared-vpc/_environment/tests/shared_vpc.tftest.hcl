mock_provider "google" {}

run "the_service_project_is_attached_and_its_gke_may_work_in_the_host_project" {
  module {
    source = "../../modules/gcp-shared-vpc"
  }

  variables {
    host_project           = "acme-network"
    service_project        = "acme-prod"
    service_project_number = "123456789012"
  }

  assert {
    condition = [
      google_compute_shared_vpc_service_project.this.host_project,
      google_compute_shared_vpc_service_project.this.service_project,
    ] == ["acme-network", "acme-prod"]
    error_message = "Another project is attached, or to another host project."
  }

  assert {
    condition     = google_compute_shared_vpc_service_project.this.deletion_policy == "ABANDON"
    error_message = "A destroy detaches the project, and cuts off the clusters of others."
  }

  assert {
    condition = [google_project_iam_member.gke.project, google_project_iam_member.gke.role, google_project_iam_member.gke.member] == [
      "acme-network",
      "roles/container.hostServiceAgentUser",
      "serviceAccount:service-123456789012@container-engine-robot.iam.gserviceaccount.com",
    ]
    error_message = "GKE of the service project cannot configure the network of the host project."
  }
}
