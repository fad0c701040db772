"""A Terraform state with a peering of a GKE network and Kurrent Cloud, as `adopt` reads it."""

import json
from typing import Any

NETWORK = "https://www.googleapis.com/compute/v1/projects/acme/global/networks/default"


def stored(address: str, **attributes: object) -> dict[str, Any]:
    kind, name = address.split(".")
    return {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": attributes}]}


def state(*more: dict[str, Any], routes: tuple[str, ...] = ("10.154.0.0/20",)) -> str:
    resources = [
        stored("eventstorecloud_project.main", id="c0proj", name="shop"),
        stored(
            "eventstorecloud_network.main",
            id="c0net",
            project_id="c0proj",
            name="events",
            cidr_block="172.22.110.0/24",
            resource_provider="gcp",
            region="europe-west2",
        ),
        stored(
            "eventstorecloud_peering.main",
            id="c0peer",
            project_id="c0proj",
            network_id="c0net",
            name="shop",
            peer_network_id="default",
            peer_account_id="acme",
            peer_network_region="europe-west2",
            peer_resource_provider="gcp",
            routes=list(routes),
            provider_metadata={"gcp_network_id": "projects/estenant-1/global/networks/c0net"},
        ),
        *more,
    ]
    return json.dumps({"version": 4, "terraform_version": "1.5.7", "lineage": "x", "resources": resources})


HALF = stored(
    "google_compute_network_peering.main",
    name="kurrent-shop",
    network=NETWORK,
    peer_network="https://www.googleapis.com/compute/v1/projects/estenant-1/global/networks/c0net",
    export_custom_routes=True,
    import_custom_routes=True,
    state="ACTIVE",
)
