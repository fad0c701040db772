    name                 = "default"
    vm_size              = var.settings.node_size
    orchestrator_version = var.settings.version
    zones                = var.settings.zones
