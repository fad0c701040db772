  #checkov:skip=CKV_GCP_21:The provider's default_labels reach the cluster.
  #checkov:skip=CKV_GCP_65:Google Groups in RBAC need a Google Workspace, which not every project has.
  #checkov:skip=CKV_GCP_66:Binary Authorization applies to a whole project, so its owner enables it.
