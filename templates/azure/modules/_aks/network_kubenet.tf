    network_plugin = "kubenet"
    network_policy = var.settings.calico ? "calico" : null
    outbound_type  = var.outbound_type
    pod_cidr       = var.pod_cidr
    service_cidr   = var.service_cidr
    dns_service_ip = cidrhost(var.service_cidr, 10)
