  #checkov:skip=CKV_AWS_37:Audit and access are logged; the setting log_types takes controllerManager and scheduler, too, which are long and for debugging.
  #checkov:skip=CKV_AWS_38:Your addresses are not known here: name them in endpoint_access_ranges. Every caller needs an access entry.
  #checkov:skip=CKV_AWS_39:The guide's check runs kubectl from outside the VPC; an empty endpoint_access_ranges closes the public endpoint.
  #checkov:skip=CKV_AWS_58:EKS encrypts all API data with a key of its own since Kubernetes 1.28; secrets_key_arn takes one of yours, and that cannot be undone.
  #checkov:skip=CKV_AWS_339:EKS itself refuses a version that it does not run; without the setting version it takes its newest default one.
