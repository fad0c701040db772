mock_provider "google" {}

run "apis_stay_on_when_the_environment_is_destroyed" {
  module {
    source = "../../modules/gcp-apis"
  }

  variables {
    apis = ["compute.googleapis.com", "container.googleapis.com"]
  }

  assert {
    condition     = alltrue([for api in google_project_service.this : !api.disable_on_destroy])
    error_message = "A destroy disables an API that other environments of the project use."
  }

  assert {
    condition     = output.apis == toset(["compute.googleapis.com", "container.googleapis.com"])
    error_message = "An API is enabled that is not in the list, or one is missing."
  }
}

run "an_api_without_its_full_name_is_refused" {
  command = plan

  module {
    source = "../../modules/gcp-apis"
  }

  variables {
    apis = ["container"]
  }

  expect_failures = [var.apis]
}
