    shielded_instance_config {
      enable_integrity_monitoring = true
      enable_secure_boot          = true
    }

    # Hides the nodes' own account from pods.
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
