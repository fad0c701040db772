mock_provider "google" {}

run "gke_may_use_this_subnet_and_no_other" {
  module {
    source = "../../modules/gcp-shared-subnet"
  }

  variables {
    service_project_number = "123456789012"
    subnetwork_id          = "projects/acme-network/regions/europe-west2/subnetworks/subnet-prod"
  }

  assert {
    condition = output.members == {
      apis = "serviceAccount:123456789012@cloudservices.gserviceaccount.com"
      gke  = "serviceAccount:service-123456789012@container-engine-robot.iam.gserviceaccount.com"
    }
    error_message = "A service agent that creates nodes or the cluster has no role, or another one has."
  }

  assert {
    condition = alltrue([
      for grant in values(google_compute_subnetwork_iam_member.this) :
      [grant.project, grant.region, grant.subnetwork, grant.role] == ["acme-network", "europe-west2", "subnet-prod", "roles/compute.networkUser"]
    ])
    error_message = "A service agent has another role, or has it on another subnet."
  }
}
