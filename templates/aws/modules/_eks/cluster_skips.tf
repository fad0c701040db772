  #checkov:skip=CKV_AWS_37:Audit and access are logged; add controllerManager and scheduler to log_types for debugging.
  #checkov:skip=CKV_AWS_38:Your addresses are not known here: set endpoint_access_ranges. Every caller needs an access entry.
  #checkov:skip=CKV_AWS_39:The guide's check runs kubectl from outside the VPC; an empty endpoint_access_ranges closes the public endpoint.
  #checkov:skip=CKV_AWS_58:EKS encrypts all API data with its own key since Kubernetes 1.28; secrets_key_arn sets your key, which cannot be undone.
  #checkov:skip=CKV_AWS_339:EKS refuses unsupported versions; without the setting version it uses its default.
