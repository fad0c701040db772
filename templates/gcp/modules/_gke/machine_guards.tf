    shielded_instance_config {
      enable_integrity_monitoring = true
      enable_secure_boot          = true
    }

    # Pods cannot use the nodes' service account.
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
