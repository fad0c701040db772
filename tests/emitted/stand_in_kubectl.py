"""Stands in for kubectl before a cluster that a JSON file describes; what is asked of it is kept beside that file.

The file has `nodes` (labels by name), `create` (the error of a creation), and `pods`: what becomes of each pod, by the
zone that it is put into, or by "" where it may run anywhere. A script calls it many times, so it imports little, and
keeps each manifest for the test to parse.
"""

# ruff: noqa: PTH110, PTH123 - the import of pathlib takes as long as the rest.
import json
import os
import re
import sys

FIELDS = ("phase", "node", "address", "message", "waiting")


def main() -> None:
    folder = sys.argv[1]
    arguments = [one for one in sys.argv[2:] if not one.startswith("--request-timeout=")]
    with open(f"{folder}/kubectl.log", "a") as log:
        log.write(" ".join(arguments).replace("\n", " ") + "\n")
    while arguments[0] in ("--context", "--namespace"):
        arguments = arguments[2:]
    with open(f"{folder}/cluster.json") as described:
        cluster = json.load(described)
    made = f"{folder}/pods.json"
    pods = {}
    if os.path.exists(made):
        with open(made) as file:
            pods = json.load(file)
    match arguments[:2]:
        case ["config", "current-context"]:
            print("here")
        case ["get", "nodes"]:
            if "nodes" not in cluster:
                sys.exit('Error from server (Forbidden): nodes is forbidden: User "me" cannot list resource "nodes"')
            for labels in cluster["nodes"]:
                print("|".join(labels))
        case ["create", "-f"]:
            manifest = sys.stdin.read()
            with open(f"{folder}/manifests.yaml", "a") as manifests:
                manifests.write(f"---\n{manifest}")
            if cluster.get("create") and len(pods) >= cluster.get("room", 0):
                sys.exit(cluster["create"])
            pods[found(r"^  name: (.+)$", manifest)] = found(r"zone: \"(.+)\"$", manifest)
            write(made, pods)
        case ["get", "pods"]:
            for name, zone in pods.items():
                became = cluster["pods"].get(zone, cluster["pods"].get("", {}))
                print("|".join([name, *(became.get(field, "") for field in FIELDS)]))
        case ["get", "pod"]:
            became = cluster["pods"].get(pods[arguments[2]], cluster["pods"].get("", {}))
            print(f"  {became.get('waiting', '')} {became.get('why', '')}")
        case ["delete", "pod"]:
            write(made, {})


def write(file: str, pods: dict[str, str]) -> None:
    with open(file, "w") as opened:
        json.dump(pods, opened)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else ""


if __name__ == "__main__":
    main()
