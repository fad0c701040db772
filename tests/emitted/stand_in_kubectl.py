"""Stands in for kubectl before a cluster that a JSON file describes; what is asked of it is kept beside that file.

The file has `nodes` (labels by name), `create` (the error of a creation), and `pods`: what becomes of each pod, by the
zone that it is put into, or by "" where it may run anywhere.
"""

import json
import sys
from pathlib import Path

FIELDS = ("phase", "node", "address", "message", "waiting")


def main() -> None:
    folder = Path(sys.argv[1])
    arguments = [one for one in sys.argv[2:] if not one.startswith("--request-timeout=")]
    with (folder / "kubectl.log").open("a") as log:
        log.write(" ".join(arguments).replace("\n", " ") + "\n")
    while arguments[0] in ("--context", "--namespace"):
        arguments = arguments[2:]
    cluster = json.loads((folder / "cluster.json").read_text())
    made = folder / "pods.json"
    pods = json.loads(made.read_text()) if made.exists() else {}
    match arguments[:2]:
        case ["config", "current-context"]:
            print("here")
        case ["get", "nodes"]:
            if "nodes" not in cluster:
                sys.exit('Error from server (Forbidden): nodes is forbidden: User "me" cannot list resource "nodes"')
            for labels in cluster["nodes"]:
                print("|".join(labels))
        case ["create", "-f"]:
            # Most calls have no manifest.
            import yaml

            pod = yaml.safe_load(sys.stdin.read())
            if cluster.get("create") and len(pods) >= cluster.get("room", 0):
                sys.exit(cluster["create"])
            pods[pod["metadata"]["name"]] = pod
            made.write_text(json.dumps(pods))
        case ["get", "pods"]:
            for name, pod in pods.items():
                became = cluster["pods"].get(zone_of(pod), cluster["pods"].get("", {}))
                print("|".join([name, *(became.get(field, "") for field in FIELDS)]))
        case ["get", "pod"]:
            became = cluster["pods"].get(zone_of(pods[arguments[2]]), cluster["pods"].get("", {}))
            print(f"  {became.get('waiting', '')} {became.get('why', '')}")
        case ["delete", "pod"]:
            made.write_text("{}")


def zone_of(pod: dict[str, dict[str, dict[str, str]]]) -> str:
    return pod["spec"]["nodeSelector"].get("topology.kubernetes.io/zone", "")


if __name__ == "__main__":
    main()
