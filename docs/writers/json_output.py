"""The page of what `--json` prints, with examples from real runs. A field without a description raises KeyError."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from docs.writers.json_by_command import every_command
from docs.writers.markdown import fenced, page, table
from docs.writers.running import GUIDE, run
from escscaffold.cli.command import FAILED, WOULD_CHANGE, WOULD_REPLACE
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.repository.file_states import State
from escscaffold.reviewing.verdict import Level
from escscaffold.spec.reading import SPEC_FILE

FIELDS = {
    "version": "Version of this format; it rises when a field is removed or changes its meaning.",
    "environments": "Environments by name.",
    "environments.*.cloud": "Cloud.",
    "environments.*.region": "Region of the cluster, and of the Kurrent network unless `kurrent_region` is set.",
    "environments.*.kurrent_region": "Region of the Kurrent network; only if it differs.",
    "environments.*.mode": "Mode.",
    "environments.*.ranges": "Ranges by name, `kurrent` first.",
    "environments.*.ranges.*.cidr": "CIDR block.",
    "environments.*.ranges.*.first": "First address of the block.",
    "environments.*.ranges.*.last": "Last address of the block.",
    "environments.*.ranges.*.first_usable": "The address after the first.",
    "environments.*.ranges.*.last_usable": "The address before the last.",
    "environments.*.ranges.*.hosts": "Number of addresses without the first and the last.",
    "environments.*.ranges.*.first_assignable": "First assignable address: not reserved by the cloud.",
    "environments.*.ranges.*.last_assignable": "Last assignable address.",
    "environments.*.ranges.*.assignable": "Number of assignable addresses, as in tables and pictures.",
    "environments.*.ranges.*.origin": "Origin of the block: `pinned` in the spec, `placed` by this plan, `sized` "
    "from nodes and pods, `locked` by an earlier plan, or `implied` by the cloud.",
    "environments.*.ranges.*.room": "Block with its reserved room for growth; only if there is any.",
    "environments.*.ranges.*.steps": "With `--explain`: steps of the arithmetic for size and place.",
    "environments.*.ranges.*.steps[].text": "One step.",
    "environments.*.ranges.*.steps[].source": "Source of its rule, or empty.",
    "environments.*.remote": "Peering routes; empty if no legal range covers all ranges.",
    "environments.*.free": "Free blocks inside the remote ranges.",
    "environments.*.node_pools": "Additional node pools that the ranges are sized for; only if there are any.",
    "environments.*.node_pools.*.nodes": "Maximum number of nodes, over all zones.",
    "environments.*.node_pools.*.pods_per_node": "Maximum number of pods on a node; only if set.",
    "environments.*.node_pools.*.zones": "Numbers of the node subnets; only if the pool uses some of them.",
    "environments.*.defaults": "With `--explain`: defaults from when the environment was first written, by key in the "
    "spec; null if the cloud or the provider decides.",
    "pools": "Free addresses of the `[pools]`, the preferred pool first; without pools, of all private space.",
    "pools[].name": "Name of the pool, or empty.",
    "pools[].cidr": "CIDR block.",
    "pools[].free_addresses": "Number of unallocated addresses.",
    "pools[].largest": "Largest free block, or null.",
    "retired": "Former ranges that stay reserved, by environment and range: `old.pods`.",
    "moves": "With `--repack`: ranges that would move.",
    "moves[].name": "Range, or `remote`, with its environment.",
    "moves[].old": "Current block.",
    "moves[].new": "Block after the move.",
    "defaults": "With `generate --defaults`: defaults that change to those of this version.",
    "defaults[].environment": "Environment.",
    "defaults[].key": "Key in the spec, below the environment.",
    "defaults[].old": "Default that the environment was written with.",
    "defaults[].new": "Default of this version.",
    "files": "Files that change, or would change.",
    "files[].path": "Path in the repository, with forward slashes.",
    "files[].state": "State of the file: see [States](#states-of-a-file).",
    "replaces": "Changes since the last write for which Terraform would replace resources.",
    "replaces[].name": "Value for `--accept-replace`: the environment with a range, `place` (cloud and region), "
    "`mode`, or a cluster setting such as `pods_per_node`. After an upgrade also a dropped resource: "
    "`prod.module.network.google_compute_network.this`.",
    "replaces[].old": "Value at the last write.",
    "replaces[].new": "Value in the spec.",
    "replaces[].replaces": "Replaced resources, in words.",
    "replaces[].instead": "Alternative without a replacement, or empty.",
    "replaces[].impossible": "Reason why the apply fails halfway, or empty.",
    "replaces[].see": "Page of this documentation with details, or empty.",
    "destroys": "Resources that the spec no longer includes, which Terraform would destroy; only if there are any.",
    "destroys[].name": "Value for `--accept-replace`: the environment with the resource's address.",
    "destroys[].resource": "Resource, in words, or its address.",
    "destroys[].number": "Number of its instances.",
    "destroys[].lost": "Data or addresses that are lost with it, in words, or empty. If not empty, nothing is "
    "written until you accept it.",
    "stranded": "Your own files whose module an environment no longer calls, or is deleted; only if there are any.",
    "stranded[].path": "File that no longer has an effect, or calls a deleted module.",
    "stranded[].environment": "Environment that no longer calls the module.",
    "stranded[].call": "Name of the module call, or of the module in a file that does not parse.",
    "stranded[].successor": "Folder of the module that is called instead, or empty.",
    "stranded[].removed_module": "Folder of the deleted module that the file calls, or empty.",
    "unlearned": "Changes in place that do not reach Kurrent Cloud's side of the peering; only if there are any.",
    "unlearned[].name": "Range, with its environment.",
    "unlearned[].old": "Old block.",
    "unlearned[].new": "New block.",
    "unlearned[].text": "Change that is missing, and the side that misses it.",
    "unlearned[].steps": "Steps that update the peering, in order.",
    "unlearned[].source": "Source.",
    "work": "Steps to proceed, in order; only if something is replaced.",
    "read": "With `adopt`: values read from the peering.",
    "read[].key": "Key of the environment, with dots.",
    "read[].value": "Value of the key.",
    "read[].place": "File and line of the value.",
    "imports": "With `adopt`: resources that the first plan imports.",
    "imports[].to": "Resource address in the environment.",
    "imports[].key": "Key of the instance, or empty.",
    "imports[].id": "Id.",
    "complaints": "Errors in files that you wrote or edited, found by Terraform or by reading them.",
    "complaints[].path": "File.",
    "complaints[].message": "Error message.",
    "complaints[].line": "Line, if known.",
    "skipped": "What was not checked.",
    "skipped[].path": "File or folder.",
    "skipped[].reason": "Reason.",
    "skipped[].line": "Line, or null.",
    "found": "Private networks, sorted by address.",
    "found[].cidr": "CIDR block.",
    "found[].kind": "Kind: see [Kinds of ranges](../scan.md#kinds-of-ranges).",
    "found[].name": "Resource address, or a name from the list.",
    "found[].source": "File, or `standard input`.",
    "found[].line": "Line; null in a state and in JSON, where the name identifies the place.",
    "found[].root": "Folder of the root module; empty outside Terraform modules.",
    "found[].call": "File and line of the module call; empty in the root module.",
    "found[].values": "File of values chosen with `-var-file`, relative to the root module, or empty.",
    "found[].account": "Account, project or subscription, if a cloud listing contains it.",
    "found[].region": "Region, if a cloud listing contains it.",
    "found[].network": "Network that contains it, if a cloud listing contains it.",
    "found[].overlaps": "Overlapping ranges planned in this folder.",
    "ignored": "CIDR blocks that are not private networks, with the same fields.",
    "ignored[].cidr": "CIDR block.",
    "ignored[].kind": "Kind.",
    "ignored[].name": "Resource address or name.",
    "ignored[].source": "File.",
    "ignored[].line": "Line, or null.",
    "ignored[].root": "Folder of the root module; empty outside Terraform modules.",
    "ignored[].call": "File and line of the module call; empty in the root module.",
    "ignored[].values": "File of values chosen with `-var-file`, relative to the root module, or empty.",
    "ignored[].account": "Account, project or subscription, if a cloud listing contains it.",
    "ignored[].region": "Region, if a cloud listing contains it.",
    "ignored[].network": "Network that contains it, if a cloud listing contains it.",
    "ignored[].reason": "Reason for ignoring the block.",
    "peerings": "Peerings with Kurrent Cloud whose routes are known.",
    "peerings[].name": "Resource address.",
    "peerings[].routes": "Routes of the peering.",
    "peerings[].source": "File.",
    "peerings[].line": "Line, or null.",
    "diagnoses": "Causes why each peering with Kurrent Cloud fails, as far as the files show: see "
    "[Adopt a peering](../how-to/adopt-a-peering.md).",
    "diagnoses[].peering": "Resource address of the peering, or its id in the cloud.",
    "diagnoses[].place": "File and line.",
    "diagnoses[].routes": "Routes of the peering, or null if not known.",
    "diagnoses[].kurrent": "Range of the Kurrent network, or null.",
    "diagnoses[].network": "Peered network, or empty.",
    "diagnoses[].causes": "Causes, the likeliest first.",
    "diagnoses[].causes[].kind": "`overlap`, `route-overlaps`, `pods-not-routed`, `nodes-not-routed`, "
    "`ranges-not-routed`, `other-network`, `pods-picked`, `network-picked`, `not-active`, `not-accepted`, `no-route` "
    "or `custom-routes-off`.",
    "diagnoses[].causes[].likelihood": "`certain`, `likely` or `possible`.",
    "diagnoses[].causes[].message": "The wrong value, and why.",
    "diagnoses[].causes[].why": "Reason why connections fail.",
    "diagnoses[].causes[].place": "File and line, or empty.",
    "diagnoses[].causes[].source": "Source.",
    "diagnoses[].causes[].ranges": "Ranges concerned.",
    "diagnoses[].causes[].fix": "Suggested fix, or null if no single change fixes it.",
    "diagnoses[].causes[].fix.text": "Argument with its new value, a block to add, or a command.",
    "diagnoses[].causes[].fix.place": "File and line to edit, or empty.",
    "diagnoses[].causes[].fix.replaces": "Resources that Terraform replaces for the fix.",
    "diagnoses[].unknown": "Facts that are not known.",
    "diagnoses[].unknown[].message": "The fact that is not known.",
    "diagnoses[].unknown[].look": "Command whose output shows it, or empty.",
    "diagnoses[].right": "Checked and correct.",
    "unrouted": "Ranges of subnets and pods outside all of these routes; empty if one of the routes is not known.",
    "unrouted[].cidr": "CIDR block.",
    "unrouted[].kind": "Kind.",
    "unrouted[].name": "Resource address or name.",
    "unrouted[].source": "File.",
    "unrouted[].line": "Line, or null.",
    "unrouted[].root": "Folder of the root module; empty outside Terraform modules.",
    "unrouted[].call": "File and line of the module call; empty in the root module.",
    "unrouted[].values": "File of values chosen with `-var-file`, relative to the root module, or empty.",
    "unrouted[].account": "Account, project or subscription, if a cloud listing contains it.",
    "unrouted[].region": "Region, if a cloud listing contains it.",
    "unrouted[].network": "Network that contains it, if a cloud listing contains it.",
    "unrouted[].partly": "Routes that contain a part of it.",
    "unresolved": "Expressions for a CIDR block that cannot be computed.",
    "unresolved[].name": "Resource address.",
    "unresolved[].argument": "Argument, with its enclosing blocks.",
    "unresolved[].expression": "Expression in the file.",
    "unresolved[].reason": "Reason why it is not known.",
    "unresolved[].source": "File.",
    "unresolved[].line": "Line, or null.",
    "problems": "Files, or parts of files, that could not be read.",
    "problems[].source": "File.",
    "problems[].line": "Line, or null.",
    "problems[].message": "Error message.",
    "reserved": "Blocks that `--reserve` wrote into the spec.",
    "reserved[].name": "Name of the reserved block.",
    "reserved[].cidr": "CIDR block.",
    "reserved[].source": "File and line of the block.",
    "left_out": "Blocks that `--reserve` skipped.",
    "left_out[].cidr": "CIDR block.",
    "left_out[].reason": "Reason.",
    "left_out[].source": "File and line of the block.",
    "before": "Name of the old side.",
    "after": "Name of the new side.",
    "verdict": "Suggested action.",
    "verdict.level": "Highest level found: see [Levels](#levels-of-a-review).",
    "verdict.text": "Line with the suggested action.",
    "verdict.answer": "Worst effect on existing resources: `destroys`, `replaces`, `not known`, `in place` "
    "or `nothing`.",
    "verdict.counts": "Number of resources per effect.",
    "verdict.counts.to destroy": "Resources that Terraform would destroy.",
    "verdict.counts.to replace": "Resources that Terraform would replace.",
    "verdict.counts.not known": "Resources, modules and providers whose impact only a plan decides.",
    "verdict.counts.in place": "Resources that change in place.",
    "verdict.counts.to add": "Resources that are new.",
    "verdict.counts.to import": "Resources that an `import` block takes over.",
    "verdict.counts.to forget": "Resources that a `removed` block keeps from being destroyed.",
    "verdict.counts.moved": "Resources that only get a new address.",
    "addresses": "Differences between the two address plans.",
    "addresses.added": "Added environments.",
    "addresses.removed": "Removed environments.",
    "addresses.ranges": "Ranges that differ, `remote` included.",
    "addresses.ranges[].environment": "Environment.",
    "addresses.ranges[].name": "Range.",
    "addresses.ranges[].change": "`added`, `removed`, `moved`, `widened` or `narrowed`.",
    "addresses.ranges[].old": "Old blocks.",
    "addresses.ranges[].new": "New blocks.",
    "addresses.ranges[].old_addresses": "Number of addresses in the old blocks.",
    "addresses.ranges[].new_addresses": "Number of addresses in the new blocks.",
    "addresses.ranges[].old_assignable": "Assignable old addresses; null for `remote` and for a new range.",
    "addresses.ranges[].old_assignable.count": "Number of addresses.",
    "addresses.ranges[].old_assignable.first": "First address.",
    "addresses.ranges[].old_assignable.last": "Last address.",
    "addresses.ranges[].new_assignable": "Assignable new addresses; null for `remote` and for a removed range.",
    "addresses.ranges[].new_assignable.count": "Number of addresses.",
    "addresses.ranges[].new_assignable.first": "First address.",
    "addresses.ranges[].new_assignable.last": "Last address.",
    "addresses.free": "Changes to free addresses inside the remote range.",
    "addresses.free[].environment": "Environment.",
    "addresses.free[].freed": "Addresses that became free, or that the remote range newly covers.",
    "addresses.free[].taken": "Addresses that a range now uses, or that the remote range no longer covers.",
    "renamed": "Renamed environments: the new name by the old one.",
    "impact": "Impact on existing resources, the worst first.",
    "impact[].effect": "`destroy`, `replace`, `unreachable` (a range loses its route), `leave behind` (files are "
    "deleted; existing cloud resources are not destroyed), `not known` or `in place`.",
    "impact[].things": "Affected resources, in words, or empty.",
    "impact[].environment": "Environment, or empty for a module.",
    "impact[].subject": "Range or setting with its environment, or the resource address.",
    "impact[].old": "Old value, or empty.",
    "impact[].new": "New value, or empty.",
    "impact[].argument": "Argument that decides the effect, or empty.",
    "impact[].callers": "Root module concerned; empty for the environment's.",
    "impact[].addresses": "Resource addresses concerned.",
    "impact[].cause": "Changed value that causes the effect: `prod.pods`, `var.vpc_cidr`; empty if not known.",
    "impact[].follows": "Whether it is replaced because its dependency is.",
    "impact[].accepted": "Whether `--accept-replace` names it.",
    "impact[].reason": "Reason.",
    "impact[].refused": "Reason for a new cluster although Terraform would change it in place, or empty.",
    "impact[].source": "Source, or empty.",
    "impact[].path": "File; empty if the spec decides.",
    "impact[].line": "Line, or null.",
    "instances": "Terraform's action on each resource, by root module.",
    "instances[].root": "Folder of the root module.",
    "instances[].variant": "File of values chosen with `-var-file`, or empty.",
    "instances[].address": "Resource address, as in a plan.",
    "instances[].was": "Old address of a moved resource, or empty.",
    "instances[].action": "`create`, `import`, `update` (in place), `replace`, `destroy`, `forget`, `move`, `unknown` "
    "or `read` (a data source).",
    "instances[].path": "File that declares it.",
    "instances[].line": "Line, or null.",
    "instances[].why": "Reason for `unknown` or `replace` without a deciding argument, or empty.",
    "instances[].arguments": "Arguments that differ, or may differ.",
    "instances[].arguments[].name": "Argument, with indices and keys.",
    "instances[].arguments[].old": "Old value in HCL; for a list, the removed items.",
    "instances[].arguments[].new": "New value in HCL; for a list, the added items.",
    "instances[].arguments[].answer": "The provider's answer: `replaces`, `in place` or `unknown`.",
    "instances[].arguments[].because": "Reason for a new computed value, or empty.",
    "resources": "Declarations that differ in Terraform files, `terraform.tfvars` and provider pins included.",
    "resources[].change": "`added`, `removed`, `changed` or `moved`.",
    "resources[].action": "Terraform's action: `create`, `import`, `destroy`, `forget`, `replace`, `unknown`, "
    "`update`, `move`, `read`; empty if the result is the same.",
    "resources[].kind": "`resource`, `data`, `module`, `variable`, `output`, `local`, `provider`, `required provider`, "
    "`backend`, `value` (of a `.tfvars`), `pin` (of `.terraform.lock.hcl`), or the block's type.",
    "resources[].address": "Address within its module.",
    "resources[].was": "Old address, if a `moved` block changes it.",
    "resources[].path": "File.",
    "resources[].line": "Line, or null.",
    "resources[].attributes": "Attributes that differ.",
    "resources[].attributes[].name": "Path of the attribute; empty for the whole value.",
    "resources[].attributes[].old": "Old value, or null.",
    "resources[].attributes[].new": "New value, or null.",
    "resources[].attributes[].forces": "Whether the change replaces the resource.",
    "generated_files": "Generated files that differ from their generated text.",
    "generated_files[].path": "File.",
    "generated_files[].state": "`conflict`, `edited` (by hand, in this change), `edited before`, `deleted` or "
    "`no longer generated`.",
    "not_generated": "Names in the spec that `generate` has not written yet.",
    "secrets": "Possible secrets; the document does not contain their values.",
    "secrets[].path": "File.",
    "secrets[].line": "Line, or null.",
    "secrets[].name": "Argument with the value, or empty if only the format matched.",
    "unread": "Files or parts that were not evaluated, such as a script that sets a variable of Terraform.",
    "unread[].path": "File.",
    "unread[].reason": "Reason.",
    "unread[].line": "Line, or null.",
    "ipam": "IPAM prefixes `added`, `removed` or `changed` since the base pulled them.",
    "other_files": "Other files that differ: not generated, and not Terraform.",
    "untracked_files": "Such files that git does not track; they are not compared.",
    "plans": "Plans from `--plan`.",
    "plans[].environment": "Environment in the plan's variables, or empty.",
    "plans[].terraform": "Terraform version of the plan, or empty.",
    "plans[].is_complete": "Whether the plan is complete: no errors and no deferred changes.",
    "plans[].is_known": "Whether the new side has that environment; true if the plan names no environment.",
    "plans[].other_ranges": "Ranges in the plan that differ from the spec.",
    "plans[].actions": "Actions in Terraform's plan.",
    "plans[].actions[].address": "Resource address.",
    "plans[].actions[].type": "Resource type.",
    "plans[].actions[].action": "`create`, `update`, `replace`, `destroy`, `forget`, `import` or `move`.",
    "plans[].actions[].was": "Old address of a moved resource, or empty.",
    "plans[].actions[].because": "Arguments that force the replacement, or a reason in words.",
    "plans[].actions[].follows": "Whether all these arguments are unknown: it is replaced with its dependency.",
    "plans[].only_terraform": "Resources replaced or destroyed in the plan and not in `instances`, with the arguments.",
    "plans[].only_here": "Resources replaced or destroyed in `instances` and not in the plan, with the arguments.",
    "plans[].settled": "Unknown effects that the plan decides.",
    "plans[].decides": "Root module of the plan, if the plan has all resources of exactly one.",
    "plans[].refused": "Reasons for a new cluster although Terraform would change it in place.",
    "known": "Findings that the base has too.",
    "known[].code": "Rule.",
    "known[].environment": "Environment.",
    "known[].subject": "Range or key.",
    "mended": "Findings of the base that the change fixes, with the same fields as `findings`.",
    "mended[].code": "Rule.",
    "mended[].severity": "`error` or `warning`.",
    "mended[].environment": "Environment, or empty.",
    "mended[].subject": "Range or key.",
    "mended[].message": "Error message.",
    "mended[].reason": "Reason of the rule.",
    "mended[].fix": "Suggested fix, or empty.",
    "mended[].source": "Source of the reason.",
    "findings": "Broken rules: see [Findings](findings.md).",
    "findings[].code": "Rule.",
    "findings[].severity": "`error` or `warning`.",
    "findings[].environment": "Environment; empty if the whole repository is concerned.",
    "findings[].subject": "Range or key concerned.",
    "findings[].message": "Message with the wrong value.",
    "findings[].reason": "Reason of the rule.",
    "findings[].fix": "A suggested fix, or empty.",
    "findings[].source": "Source of the reason: a URL, or a page of this documentation.",
    "findings[].accepted": "Reason in the spec for accepting the warning; only if accepted.",
}
_PLACE = ("root", "call", "values", "account", "region", "network")
FIELDS |= {f"{where}[].{key}": FIELDS[f"found[].{key}"] for where in ("ignored", "unrouted") for key in _PLACE}
PLACE = ["--environment", "prod", "--cloud", "gcp", "--mode", "gke-standard"]
REASON = "the region opens in spring"
FOREIGN = """\
resource "aws_vpc" "main" { cidr_block = "10.8.0.0/16" }
resource "aws_vpc" "old" { cidr_block = "172.30.0.0/20" }
resource "aws_subnet" "a" { cidr_block = cidrsubnet(var.base, 8, 1) }
resource "aws_subnet" "b" { cidr_block = "10.8.1.0/24" }
resource "kurrentcloud_peering" "main" { routes = ["172.30.0.0/20"] }
resource "aws_security_group" "web" {
  ingress { cidr_blocks = ["0.0.0.0/0"] }
}
"""
ADOPTED = """\
resource "aws_subnet" "nodes" {
  vpc_id     = "vpc-0a1b2c3d4e5f60718"
  cidr_block = "10.20.0.0/18"
}
resource "kurrentcloud_network" "shop" {
  name       = "shop"
  cidr_block = "172.29.98.0/24"
}
resource "kurrentcloud_peering" "shop" {
  network_id             = kurrentcloud_network.shop.id
  peer_resource_provider = "aws"
  peer_network_id        = "vpc-0a1b2c3d4e5f60718"
  peer_network_region    = "eu-central-1"
  routes                 = ["10.20.0.0/18"]
}
resource "aws_vpc_peering_connection_accepter" "shop" {
  vpc_peering_connection_id = "pcx-0a1b2c3d4e5f60718"
}
"""
VALUES = 'password = "hunter2"\n'
PLAN = {
    "format_version": "1.2",
    "variables": {"environment": {"value": "prod"}},
    "resource_changes": [
        {
            "address": "module.kurrent_network.kurrentcloud_network.this",
            "type": "kurrentcloud_network",
            "change": {"actions": ["delete", "create"]},
        }
    ],
}
LEVELS = {
    "error": "The plan has errors: do not merge.",
    "conflict": "Merge conflict markers in a file: do not merge.",
    "replace": "An existing resource is replaced, destroyed, cut off from the database, or left behind.",
    "unknown": "A replacement is possible but not known, or a file could not be read.",
    "stale": "`generate` was not run.",
    "warning": "New warnings, or possible secrets.",
    "edit": "Generated file edited by hand.",
    "change": "Other changes.",
    "same": "Nothing to decide.",
}
STATES = {
    "new": "Not on disk yet.",
    "unchanged": "Up to date; not listed.",
    "regenerated": "Not edited; the generated text changed.",
    "edited": "Edited by hand; the generated text did not change. Kept, and not listed.",
    "merged": "Edited by hand, and the generated text changed: contains both changes.",
    "conflict": "As `merged`, but both changed the same lines: contains both texts and the last written text, "
    "with conflict markers.",
    "beside": "As `merged`, but the last written text is not known: the new text is in `FILE.escscaffold-new`.",
    "unsolved": "Conflict or `beside` from an earlier run, or from a git merge, not resolved yet.",
    "deleted": "Deleted by hand: not written again. Listed once.",
    "obsolete": "No longer generated: removed.",
    "obsolete-edited": "No longer generated, but edited: kept, and a conflict until it is deleted or released.",
    "yours": "File without markers: no part of it is generated.",
    "released": "Released with `escscaffold release`; not listed.",
}


_POOL = 'nodes_max = 12, pods_per_node = 20, zones = ["1"]'


def json_page() -> str:
    """Return the page of what `--json` prints, with examples from real runs."""
    plan = run("plan", *GUIDE, "--json")
    refused = run("plan", *GUIDE[:-1], "pods=10.120.0.0/14", "--json", expect=FAILED)
    sized = run("plan", *GUIDE[:-1], "pods={ nodes = 50, growth = 2 }", "--explain", "--json")
    accepted = run("plan", *PLACE, "--region", "europe-west99", "--set", f"accept.ESC501={REASON}", "--json")
    region = "kurrent_region=eu-west-1"
    pooled = run("plan", "--mode", "eks", "--set", f"node_pools.batch={{ {_POOL} }}", "--set", region, "--json")
    with tempfile.TemporaryDirectory() as folder:
        run("init", "moved", "-C", folder, *PLACE, "--reserve", "office=10.0.0.0/9", "--yes", "--quiet")
        spec = Path(folder, "moved", SPEC_FILE)
        spec.write_text(spec.read_text(encoding="utf-8").replace("10.0.0.0/9", "10.8.0.0/16"), encoding="utf-8")
        repacked = run("plan", "-C", str(spec.parent), "--repack", "--json")
        run("init", "demo", "-C", folder, *GUIDE, "--yes", "--quiet")
        spec = Path(folder, "demo", SPEC_FILE)
        spec.write_text(spec.read_text(encoding="utf-8").replace("/17", "/18"), encoding="utf-8")
        check = run("check", "-C", str(spec.parent), "--json", expect=WOULD_CHANGE)
        run("init", "edited", "-C", folder, *GUIDE, "--yes", "--quiet")
        edited = Path(folder, "edited")
        Path(edited, "environments/prod/custom.tf").write_text("locals {\n  a = var.nope\n}\n", encoding="utf-8")
        complaint = run("check", "-C", str(edited), "--json", expect=FAILED)
        generate = run("generate", "-C", str(spec.parent), "--json", expect=WOULD_REPLACE)
        taken = _defaults_taken(folder)
        widened = _widened(folder)
        stranded = _stranded(folder)
        Path(spec.parent, "networks.tf").write_text(FOREIGN, encoding="utf-8")
        Path(spec.parent, "broken.tf").write_text("locals {\n", encoding="utf-8")
        review = _review(folder)
        names = ("networks.tf", "broken.tf")
        scan = run("scan", "-C", str(spec.parent), *names, "--reserve", "--json", expect=FAILED)
        Path(folder, "network.tf").write_text(ADOPTED, encoding="utf-8")
        read = ("--environment", "prod", "--yes", "--json")
        named = ("--set", "existing.kurrent-project=shop")
        adopt = run("adopt", "-C", folder, "network.tf", "--to", "adopted", *named, *read)
        by_command = every_command(folder)
    texts = (
        plan,
        sized,
        refused,
        accepted,
        pooled,
        repacked,
        check,
        complaint,
        generate,
        taken,
        widened,
        stranded,
        review,
        scan,
        adopt,
    )
    documents = [json.loads(text) for text in texts]
    paths = dict.fromkeys(path for document in documents for path in _paths(document))
    unused = FIELDS.keys() - paths.keys()
    assert not unused, f"no example has {unused}"
    states = {state: STATES[state] for state in get_args(State)}
    pods = {"pods": json.loads(sized)["environments"]["prod"]["ranges"]["pods"]}
    newer = {"defaults": json.loads(taken)["defaults"]}
    price = {key: json.loads(repacked)[key] for key in ("moves", "replaces")}
    return page(
        "JSON",
        "Read the output of a command in a program: with `--json` it prints one JSON document and nothing else.",
        "Fields keep their meaning while `version` is the same; new fields can be added.",
        "## plan",
        fenced("json", plan),
        "A finding of another plan, without the rest of the document:",
        fenced("json", _findings(refused)),
        "A warning that the spec accepts:",
        fenced("json", _findings(accepted)),
        "With `--explain`, the range `pods = { nodes = 50, growth = 2 }`:",
        fenced("json", json.dumps(pods, indent=2)),
        "With `--repack`, in a repository where a reserved block became smaller:",
        fenced("json", json.dumps(price, indent=2)),
        "## check",
        "A repository whose spec was edited after the last write:",
        fenced("json", check),
        "A file of your own with a reference to a missing declaration:",
        fenced("json", complaint),
        "## generate",
        "`init`, `add`, `set`, `remove` and `rename` print the same.",
        fenced("json", generate),
        "With `--defaults`, in a repository that an earlier version wrote:",
        fenced("json", json.dumps(newer, indent=2)),
        "## review",
        "[review.schema.json](review.schema.json) is the JSON Schema of version 1.",
        "Two folders, with a plan:",
        fenced("json", review),
        "## scan",
        "With `--reserve`, in the same repository:",
        fenced("json", scan),
        "## adopt",
        "Prints the fields of `generate`, and in addition `read` and `imports`:",
        fenced("json", _taken_over(adopt)),
        "## Every command",
        *by_command,
        "## Fields",
        "`*` means any name, `[]` each item of a list.",
        table(("field", "meaning"), [(f"`{path}`", FIELDS[path]) for path in paths]),
        "## States of a file",
        table(("state", "meaning"), [(f"`{state}`", meaning) for state, meaning in states.items()]),
        "## Levels of a review",
        "`--fail-on` takes every level except `same`.",
        table(("level", "meaning"), [(f"`{level}`", LEVELS[level]) for level in get_args(Level)]),
    )


def _defaults_taken(folder: str) -> str:
    """Return what `generate --defaults` prints where the machine type was another one by default."""
    run("init", "earlier", "-C", folder, *PLACE, "--yes", "--quiet")
    lock = Path(folder, "earlier", LOCK_FILE)
    lock.write_text(
        re.sub('("kubernetes.machine_type":)"[^"]+"', r'\1"n1-standard-4"', lock.read_text(encoding="utf-8"))
    )
    return run("generate", "-C", str(lock.parent), "--defaults", "--json")


def _stranded(folder: str) -> str:
    """Return what `set` prints where a module is not called any more that has a file of a person's."""
    run("init", "stranded", "-C", folder, *GUIDE, "--yes", "--quiet")
    repository = Path(folder, "stranded")
    Path(repository, "modules/gcp-nat/custom.tf").write_text("locals {\n  a = 1\n}\n", encoding="utf-8")
    return run("set", "-C", str(repository), "options.nodes=public", "--json", expect=WOULD_REPLACE)


def _widened(folder: str) -> str:
    """Return what `generate` prints of a VNet that is widened under its peering."""
    ranges = ("--range", "network=10.8.0.0/16", "--range", "remote=10.8.0.0/14")
    run("init", "widened", "-C", folder, "--mode", "aks-overlay", *ranges, "--yes", "--quiet")
    spec = Path(folder, "widened", SPEC_FILE)
    spec.write_text(spec.read_text(encoding="utf-8").replace("10.8.0.0/16", "10.8.0.0/15"), encoding="utf-8")
    return run("generate", "-C", str(spec.parent), "--json")


def _review(folder: str) -> str:
    """Return the review of a change that has something of everything."""
    before, after = Path(folder, "before"), Path(folder, "after")
    region = ("--region", "europe-west99", "--set", f"accept.ESC502={REASON}")
    run("init", "before", "-C", folder, *PLACE, *region, "--yes", "--quiet")
    shutil.copytree(before, after)
    spec = after / SPEC_FILE
    text = spec.read_text(encoding="utf-8").partition("[environments.prod.accept]")[0]
    spec.write_text(
        f'{text}\n[environments.prod.ranges]\nkurrent = "172.29.98.0/24"\nnodes = "/21"\n', encoding="utf-8"
    )
    Path(after, "modules/gcp-peering/peering.tf").write_text("", encoding="utf-8")
    values = Path(after, "environments/prod/terraform.tfvars")
    values.write_text(values.read_text(encoding="utf-8").replace("10.0.128.0/20", "10.0.144.0/20"), encoding="utf-8")
    Path(after, "environments/prod/custom.auto.tfvars").write_text(VALUES, encoding="utf-8")
    Path(after, "environments/prod/broken.tf").write_text("locals {\n", encoding="utf-8")
    Path(after, "notes.md").write_text("A note.\n", encoding="utf-8")
    plan = Path(folder, "plan.json")
    plan.write_text(json.dumps(PLAN), encoding="utf-8")
    return run("review", "before", "after", "-C", folder, "--plan", str(plan), "--json", expect=WOULD_REPLACE)


def _findings(document: str) -> str:
    """Return the findings of a document, without the rest of it."""
    return json.dumps({"findings": json.loads(document)["findings"]}, indent=2)


NAMED = ("environments", "environments.*.ranges", "environments.*.node_pools", "environments.*.defaults", "retired")
"""Objects whose keys are names that a person gave."""


def _taken_over(adopt: str) -> str:
    """Return what only `adopt` prints."""
    return json.dumps({key: json.loads(adopt)[key] for key in ("read", "imports")}, indent=2)


def _paths(value: object, path: str = "") -> Iterator[str]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            name = "*" if path in NAMED else key
            deeper = f"{path}.{name}" if path else name
            if name == "*":
                yield from (p for p in _paths(inner, deeper) if p != deeper)
            else:
                yield from _paths(inner, deeper)
    elif isinstance(value, list):
        for inner in value:
            yield from (p for p in _paths(inner, f"{path}[]") if p != f"{path}[]")
