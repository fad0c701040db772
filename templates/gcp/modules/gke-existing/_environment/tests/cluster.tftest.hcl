mock_provider "google" {
  mock_data "google_container_cluster" {
    defaults = {
      cluster_ipv4_cidr  = "10.28.0.0/14"
      id                 = "projects/example/locations/region/clusters/prod"
      network            = "projects/example/global/networks/vpc-shared"
      services_ipv4_cidr = "34.118.224.0/20"
      subnetwork         = "projects/example/regions/region/subnetworks/nodes"

      node_pool = [{
        name           = "default"
        network_config = [{ pod_ipv4_cidr_block = "10.28.0.0/14" }]
      }]
    }
  }
}

variables {
  name          = "prod"
  network_id    = "https://www.googleapis.com/compute/v1/projects/example/global/networks/vpc-shared"
  pods_cidr     = "10.28.0.0/14"
  region        = "region"
  subnetwork_id = "projects/example/regions/region/subnetworks/nodes"
}

run "the_cluster_that_was_planned_for_is_taken" {
  module {
    source = "../../modules/gke-existing"
  }

  assert {
    condition     = output.connect_command == "gcloud container clusters get-credentials prod --location region --project example"
    error_message = "The connect command has the wrong cluster."
  }

  assert {
    condition     = output.pods_cidr == "10.28.0.0/14"
    error_message = "The output has another pod range than the cluster."
  }
}

run "a_cluster_in_one_zone_is_found_there" {
  module {
    source = "../../modules/gke-existing"
  }

  variables {
    name = "region-a/prod"
  }

  assert {
    condition     = output.connect_command == "gcloud container clusters get-credentials prod --location region-a --project example"
    error_message = "The cluster is looked up in the wrong location."
  }
}

run "a_cluster_of_another_network_is_refused" {
  command = plan

  module {
    source = "../../modules/gke-existing"
  }

  variables {
    network_id = "https://www.googleapis.com/compute/v1/projects/example/global/networks/vpc-other"
  }

  expect_failures = [output.cluster_name]
}

run "a_cluster_of_another_subnet_is_refused" {
  command = plan

  module {
    source = "../../modules/gke-existing"
  }

  variables {
    subnetwork_id = "projects/example/regions/region/subnetworks/other"
  }

  expect_failures = [output.cluster_name]
}

run "a_cluster_whose_pods_nobody_planned_for_is_refused" {
  command = plan

  module {
    source = "../../modules/gke-existing"
  }

  variables {
    pods_cidr = "10.40.0.0/14"
  }

  expect_failures = [output.pods_cidr, check.pools]
}

run "a_cluster_whose_services_nobody_planned_for_is_refused" {
  command = plan

  module {
    source = "../../modules/gke-existing"
  }

  variables {
    services_cidr = "10.32.0.0/20"
  }

  expect_failures = [output.services_cidr]
}
