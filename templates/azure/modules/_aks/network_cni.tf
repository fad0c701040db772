    network_data_plane = var.settings.network_policy == "cilium" ? "cilium" : "azure"
    network_policy     = var.settings.network_policy == "none" ? null : var.settings.network_policy
    outbound_type      = var.outbound_type
    service_cidr       = var.service_cidr
    dns_service_ip     = cidrhost(var.service_cidr, 10)
