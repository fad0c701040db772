module "peering" {
  source = "../../modules/gcp-peering"
{% include "gcp/environment/_host.tf.j2" %}

  name            = var.environment
  network_id      = module.network.network_id
  peer_network_id = module.kurrent_peering.provider_metadata["gcp_network_id"]
}
