"""The door of `adopt`: a state with a peering, changed at random, becomes a repository that can be checked, or none."""

import json
from random import Random
from typing import Any

from tests.fuzzing.mutating import mutate_document
from tests.fuzzing.passing import ask, taken
from tests.fuzzing.sandbox import Broken, Sandbox


def _stored(address: str, **attributes: object) -> dict[str, Any]:
    kind, name = address.split(".")
    return {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": attributes}]}


STATE = {
    "version": 4,
    "terraform_version": "1.5.7",
    "lineage": "x",
    "resources": [
        _stored("eventstorecloud_project.main", id="c0proj", name="shop"),
        _stored(
            "eventstorecloud_network.main",
            id="c0net",
            project_id="c0proj",
            name="events",
            cidr_block="172.22.110.0/24",
            resource_provider="gcp",
            region="europe-west2",
        ),
        _stored(
            "eventstorecloud_peering.main",
            id="c0peer",
            project_id="c0proj",
            network_id="c0net",
            name="shop",
            peer_network_id="default",
            peer_account_id="acme",
            peer_network_region="europe-west2",
            peer_resource_provider="gcp",
            routes=["10.154.0.0/20"],
            provider_metadata={"gcp_network_id": "projects/estenant-1/global/networks/c0net"},
        ),
        _stored(
            "google_compute_network_peering.main",
            name="kurrent-shop",
            network="projects/acme/global/networks/default",
            peer_network="projects/estenant-1/global/networks/c0net",
            state="ACTIVE",
        ),
    ],
}
FLAGS = ("--to", "net", "--environment", "prod", "--range", "nodes=10.154.0.0/20", "--yes")


def adopt(box: Sandbox, rng: Random) -> bool:
    """Adopt a peering from a changed state; what was written holds what `check` demands of files."""
    document = mutate_document(rng, STATE, [STATE]) if rng.random() < 0.9 else STATE
    box.put({"state.json": json.dumps(document)})
    ran = ask(box, "-C", str(box.work), "adopt", "state.json", *FLAGS)
    if ran.code == 0:
        again = ask(box, "-C", str(box.work / "net"), "generate", "--dry-run")
        if again.code not in (0, 1):
            raise Broken(f"what was adopted is not what is generated: {again.out[:300]}{again.err[:300]}")
    elif (box.work / "net/escscaffold.toml").exists() and ran.code == 2:
        raise Broken("a refusal wrote a repository")
    return taken(ran)
