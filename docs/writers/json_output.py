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
from escscaffold.reviewing.report import Level
from escscaffold.spec.reading import SPEC_FILE

FIELDS = {
    "version": "The version of this format; it grows when a field goes or changes its meaning.",
    "environments": "The environments by their names.",
    "environments.*.cloud": "The cloud.",
    "environments.*.region": "The region of the cluster, and of the Kurrent network if that has no separate one.",
    "environments.*.kurrent_region": "The region of the Kurrent network; only where it is another one.",
    "environments.*.mode": "The mode.",
    "environments.*.ranges": "The ranges by their names, `kurrent` first.",
    "environments.*.ranges.*.cidr": "The block.",
    "environments.*.ranges.*.first": "Its first address.",
    "environments.*.ranges.*.last": "Its last address.",
    "environments.*.ranges.*.first_usable": "The address after the first.",
    "environments.*.ranges.*.last_usable": "The address before the last.",
    "environments.*.ranges.*.hosts": "How many addresses it has without its first and its last.",
    "environments.*.ranges.*.first_assignable": "The first address that the cloud leaves to use.",
    "environments.*.ranges.*.last_assignable": "The last one.",
    "environments.*.ranges.*.assignable": "How many addresses that is, which is what tables and pictures show.",
    "environments.*.ranges.*.origin": "Where the block comes from: `pinned` by you, `placed` by this plan, `sized` by "
    "a need and placed, `locked` since an earlier plan, or `implied` by the cloud.",
    "environments.*.ranges.*.room": "The block with its room for growth; only if room is kept free.",
    "environments.*.ranges.*.steps": "With `--explain`: from what was asked to the size, and then to the place.",
    "environments.*.ranges.*.steps[].text": "One step.",
    "environments.*.ranges.*.steps[].source": "Where its rule stands, or empty.",
    "environments.*.remote": "What the peering routes to; empty where nothing legal covers what it must.",
    "environments.*.free": "What the remote ranges hold and no range uses.",
    "environments.*.node_pools": "Node pools besides the first one, as the ranges are sized for them; only where there "
    "are some.",
    "environments.*.node_pools.*.nodes": "The most nodes, over all zones.",
    "environments.*.node_pools.*.pods_per_node": "The most pods on a node; only where a setting says it.",
    "environments.*.node_pools.*.zones": "Numbers of the node subnets; only where the pool is not in all of them.",
    "environments.*.defaults": "With `--explain`: what is decided by default, by its key in the spec, as it was when "
    "the environment was first written; null where the cloud or the provider decides.",
    "pools": "Free addresses of the `[pools]`, the preferred one first, or of private space without pools.",
    "pools[].name": "The pool's name, or empty.",
    "pools[].cidr": "The block.",
    "pools[].free_addresses": "How many addresses nothing is planned, kept or reserved for.",
    "pools[].largest": "The largest free block, the lowest of equals, or null.",
    "retired": "Ranges of the past that are kept free, by environment and range: `old.pods`.",
    "moves": "With `--repack`: ranges that would move.",
    "moves[].name": "The range, or `remote`, with its environment.",
    "moves[].old": "Where it lies.",
    "moves[].new": "Where it would lie.",
    "defaults": "With `generate --defaults`: the defaults that become today's.",
    "defaults[].environment": "The environment.",
    "defaults[].key": "The key in the spec, below the environment.",
    "defaults[].old": "The default that it was written with.",
    "defaults[].new": "Today's.",
    "files": "The files that change, or would.",
    "files[].path": "The path below the repository, with forward slashes.",
    "files[].state": "What the file is: see [States](#states-of-a-file).",
    "replaces": "Resources that Terraform would replace, compared with the last write.",
    "replaces[].name": "The range, `place` for cloud and region, `mode`, or a setting of the cluster such as "
    "`pods_per_node`, with its environment: what `--accept-replace` takes. After an upgrade also a dropped "
    "resource, `prod.module.network.google_compute_network.this`.",
    "replaces[].old": "What it was when the files were written last.",
    "replaces[].new": "What the spec asks for now.",
    "replaces[].replaces": "The replaced resources, in words.",
    "replaces[].instead": "What can be done that replaces nothing, or empty.",
    "replaces[].impossible": "Why an apply fails half way, or empty.",
    "replaces[].see": "A page of escscaffold's documentation with details, or empty.",
    "stranded": "Files of your own in modules that an environment calls no more; only where there are some.",
    "stranded[].path": "The file, which has no effect there any more.",
    "stranded[].environment": "The environment that stops calling its module.",
    "stranded[].call": "The name of the call.",
    "stranded[].successor": "The folder of the module that is called instead; empty for none.",
    "unlearned": "Changes in place that Kurrent Cloud's side of the peering does not learn; only where there are some.",
    "unlearned[].name": "The range, with its environment.",
    "unlearned[].old": "Where it lay.",
    "unlearned[].new": "Where it lies.",
    "unlearned[].text": "What is not learned, and by whom.",
    "unlearned[].steps": "What makes the peering learn it, in its order.",
    "unlearned[].source": "Where that is written.",
    "work": "What it takes to let that happen, in its order; only where something is replaced.",
    "read": "With `adopt`, what was read of the peering.",
    "read[].key": "The key of the environment, with dots.",
    "read[].value": "Its value.",
    "read[].place": "Where it was read.",
    "imports": "With `adopt`, what the first plan imports.",
    "imports[].to": "The address in the environment.",
    "imports[].key": "The key of the instance, or empty.",
    "imports[].id": "The id.",
    "complaints": "What Terraform, or reading the files that you wrote or edited, brought up.",
    "complaints[].path": "The file.",
    "complaints[].message": "What is wrong with it.",
    "complaints[].line": "The line, where it is known.",
    "found": "The private networks, by their addresses.",
    "found[].cidr": "CIDR block.",
    "found[].kind": "What it is: see [Kinds of ranges](../scan.md#kinds-of-ranges).",
    "found[].name": "What it is called there: a resource's address, or a name from the list.",
    "found[].source": "The file, or `standard input`.",
    "found[].line": "The line, or null in a state and in JSON, where the name is the place.",
    "found[].root": "The folder that Terraform runs in; empty for what is no module.",
    "found[].call": "File and line of the module's call in the root; empty for what the root holds itself.",
    "found[].values": "The file of values that was chosen with `-var-file`, relative to the root, or empty.",
    "found[].account": "The account, project or subscription, where a cloud's command said it.",
    "found[].region": "The region, where a cloud's command said it.",
    "found[].network": "The network that it is in, where a cloud's command said it.",
    "found[].overlaps": "The ranges planned in this folder that it overlaps.",
    "ignored": "CIDR blocks that are no private network, with the same fields.",
    "ignored[].cidr": "CIDR block.",
    "ignored[].kind": "What it is.",
    "ignored[].name": "What it is called there.",
    "ignored[].source": "The file.",
    "ignored[].line": "The line, or null.",
    "ignored[].root": "The folder that Terraform runs in; empty for what is no module.",
    "ignored[].call": "File and line of the module's call in the root; empty for what the root holds itself.",
    "ignored[].values": "The file of values that was chosen with `-var-file`, relative to the root, or empty.",
    "ignored[].account": "The account, project or subscription, where a cloud's command said it.",
    "ignored[].region": "The region, where a cloud's command said it.",
    "ignored[].network": "The network that it is in, where a cloud's command said it.",
    "ignored[].reason": "Why it is nothing to plan around.",
    "peerings": "The peerings with Kurrent Cloud whose routes are known.",
    "peerings[].name": "The resource's address.",
    "peerings[].routes": "What it routes to.",
    "peerings[].source": "The file.",
    "peerings[].line": "The line, or null.",
    "diagnoses": "Why each peering with Kurrent Cloud does not work, as far as the files say: see "
    "[Adopt a peering](../how-to/adopt-a-peering.md).",
    "diagnoses[].peering": "The peering's address, or what its cloud calls it.",
    "diagnoses[].place": "File and line.",
    "diagnoses[].routes": "What it routes to, or null where that is not known.",
    "diagnoses[].kurrent": "The range of the Kurrent network, or null.",
    "diagnoses[].network": "The peered network, or empty.",
    "diagnoses[].causes": "What is wrong, the likeliest first.",
    "diagnoses[].causes[].kind": "`overlap`, `route-overlaps`, `pods-not-routed`, `nodes-not-routed`, "
    "`ranges-not-routed`, `other-network`, `pods-picked`, `network-picked`, `not-active`, `not-accepted`, `no-route` "
    "or `custom-routes-off`.",
    "diagnoses[].causes[].likelihood": "`certain`, `likely` or `possible`.",
    "diagnoses[].causes[].message": "What is wrong with which value.",
    "diagnoses[].causes[].why": "Why that breaks the connection.",
    "diagnoses[].causes[].place": "File and line, or empty.",
    "diagnoses[].causes[].source": "Where that is written.",
    "diagnoses[].causes[].ranges": "The ranges that it is about.",
    "diagnoses[].causes[].fix": "What to write, or null where no single change is right.",
    "diagnoses[].causes[].fix.text": "The argument with its new value, the block to add, or a command.",
    "diagnoses[].causes[].fix.place": "File and line where it is to be written, or empty.",
    "diagnoses[].causes[].fix.replaces": "What Terraform replaces for it.",
    "diagnoses[].unknown": "What was not looked at.",
    "diagnoses[].unknown[].message": "What is not known.",
    "diagnoses[].unknown[].look": "The command whose output shows it, or empty.",
    "diagnoses[].right": "What was looked at and is right.",
    "unrouted": "Ranges of subnets and pods that no route of these holds; empty where one of them is not known.",
    "unrouted[].cidr": "The block.",
    "unrouted[].kind": "What it is.",
    "unrouted[].name": "What it is called there.",
    "unrouted[].source": "The file.",
    "unrouted[].line": "The line, or null.",
    "unrouted[].root": "The folder that Terraform runs in; empty for what is no module.",
    "unrouted[].call": "File and line of the module's call in the root; empty for what the root holds itself.",
    "unrouted[].values": "The file of values that was chosen with `-var-file`, relative to the root, or empty.",
    "unrouted[].account": "The account, project or subscription, where a cloud's command said it.",
    "unrouted[].region": "The region, where a cloud's command said it.",
    "unrouted[].network": "The network that it is in, where a cloud's command said it.",
    "unrouted[].partly": "The routes that hold a part of it.",
    "unresolved": "Expressions where a CIDR block is expected, which cannot be computed.",
    "unresolved[].name": "The resource's address.",
    "unresolved[].argument": "The argument, with the blocks around it.",
    "unresolved[].expression": "What is written there.",
    "unresolved[].reason": "Why it is not known.",
    "unresolved[].source": "The file.",
    "unresolved[].line": "The line, or null.",
    "problems": "Files, or parts of them, that could not be read.",
    "problems[].source": "The file.",
    "problems[].line": "The line, or null.",
    "problems[].message": "What is wrong with it.",
    "reserved": "What `--reserve` wrote into the spec.",
    "reserved[].name": "The name of the reserved block.",
    "reserved[].cidr": "The block.",
    "reserved[].source": "File and line where it was found.",
    "left_out": "What `--reserve` did not write.",
    "left_out[].cidr": "The block.",
    "left_out[].reason": "Why.",
    "left_out[].source": "File and line where it was found.",
    "before": "What the one side is called.",
    "after": "What the other side is called.",
    "verdict": "The suggested action.",
    "verdict.level": "The worst that was found: see [Levels](#levels-of-a-review).",
    "verdict.text": "The line with the suggested action.",
    "verdict.answer": "The worst that happens to what exists: `destroys`, `replaces`, `not known`, `in place` or "
    "`nothing`.",
    "verdict.counts": "How many resources there are of each answer.",
    "verdict.counts.to destroy": "Resources that Terraform would destroy.",
    "verdict.counts.to replace": "Resources that Terraform would replace.",
    "verdict.counts.not known": "Resources, modules and providers whose impact only a plan decides.",
    "verdict.counts.in place": "Resources that change in place.",
    "verdict.counts.to add": "Resources that are new.",
    "verdict.counts.to import": "Resources that an `import` block takes over.",
    "verdict.counts.to forget": "Resources that a `removed` block keeps from being destroyed.",
    "verdict.counts.moved": "Resources that only get another address.",
    "addresses": "How the two address plans differ.",
    "addresses.added": "The environments that come.",
    "addresses.removed": "The environments that go.",
    "addresses.ranges": "The ranges that are not the same on both sides, `remote` among them.",
    "addresses.ranges[].environment": "The environment.",
    "addresses.ranges[].name": "The range.",
    "addresses.ranges[].change": "`added`, `removed`, `moved`, `widened` or `narrowed`.",
    "addresses.ranges[].old": "The blocks that it had.",
    "addresses.ranges[].new": "The blocks that it has.",
    "addresses.ranges[].old_addresses": "How many addresses its old blocks have.",
    "addresses.ranges[].new_addresses": "How many addresses its new blocks have.",
    "addresses.ranges[].old_assignable": "The assignable old addresses; null for `remote` and for a new range.",
    "addresses.ranges[].old_assignable.count": "How many.",
    "addresses.ranges[].old_assignable.first": "The first one.",
    "addresses.ranges[].old_assignable.last": "The last one.",
    "addresses.ranges[].new_assignable": "The assignable new addresses; null for `remote` and for a removed range.",
    "addresses.ranges[].new_assignable.count": "How many.",
    "addresses.ranges[].new_assignable.first": "The first one.",
    "addresses.ranges[].new_assignable.last": "The last one.",
    "addresses.free": "What becomes of the addresses that a peering routes to and no range uses.",
    "addresses.free[].environment": "The environment.",
    "addresses.free[].freed": "Addresses that no range uses any more, or that the remote range newly covers.",
    "addresses.free[].taken": "What a range uses now, or what the remote range holds no more.",
    "renamed": "Environments that only got another name: the new name by the old one.",
    "impact": "Impact on existing resources, the worst first.",
    "impact[].effect": "`destroy`, `replace`, `unreachable` (a range loses its route), `leave behind` (files are "
    "deleted; existing cloud resources are not destroyed), `not known` or `in place`.",
    "impact[].things": "What is concerned, in words; empty where no words are known.",
    "impact[].environment": "The environment, or empty for a module.",
    "impact[].subject": "The range or setting with its environment, or the resource's address.",
    "impact[].old": "What it was, or empty.",
    "impact[].new": "What it is, or empty.",
    "impact[].argument": "The argument that decides, or empty.",
    "impact[].callers": "The root module in which it happens; empty where that is the environment's.",
    "impact[].addresses": "The resources that it happens to.",
    "impact[].cause": "What was changed to bring it about: `prod.pods`, `var.vpc_cidr`; empty where that is not known.",
    "impact[].follows": "Whether it is replaced because another resource is.",
    "impact[].accepted": "Whether `--accept-replace` names it.",
    "impact[].reason": "Why.",
    "impact[].refused": "Why the cluster goes though Terraform would change it in place, or empty.",
    "impact[].source": "Where that is written, or empty.",
    "impact[].path": "The file, or empty where the spec decides.",
    "impact[].line": "The line, or null.",
    "instances": "What Terraform does to each resource, by root module.",
    "instances[].root": "The folder of the root module.",
    "instances[].variant": "The file of values that is chosen with `-var-file`, or empty.",
    "instances[].address": "The resource, as a plan calls it.",
    "instances[].was": "Its old address, where it has another one now, or empty.",
    "instances[].action": "`create`, `import`, `update` (in place), `replace`, `destroy`, `forget`, `move`, `unknown` "
    "or `read` (a data source).",
    "instances[].path": "The file that declares it.",
    "instances[].line": "The line, or null.",
    "instances[].why": "Reason for unknown or replaced without an argument; or empty.",
    "instances[].arguments": "The arguments that differ, or may.",
    "instances[].arguments[].name": "The argument, with indices and keys.",
    "instances[].arguments[].old": "What it was, in HCL; of a list what is removed.",
    "instances[].arguments[].new": "What it is, in HCL; of a list what is added.",
    "instances[].arguments[].answer": "What the provider does for it: `replaces`, `in place` or `unknown`.",
    "instances[].arguments[].because": "What makes the value another one, where it is computed; or empty.",
    "resources": "What Terraform files declare differently, `terraform.tfvars` and provider pins included.",
    "resources[].change": "`added`, `removed`, `changed` or `moved`.",
    "resources[].action": "What Terraform does for it: `create`, `import`, `destroy`, `forget`, `replace`, `unknown`, "
    "`update`, `move`, `read`; or empty where it comes to the same.",
    "resources[].kind": "`resource`, `data`, `module`, `variable`, `output`, `local`, `provider`, `required provider`, "
    "`backend`, `value` (of a `.tfvars`), `pin` (of `.terraform.lock.hcl`), or the block's type.",
    "resources[].address": "The address within its module.",
    "resources[].was": "The address that it had before, if a `moved` block gives it another.",
    "resources[].path": "The file.",
    "resources[].line": "The line, or null.",
    "resources[].attributes": "What differs in it.",
    "resources[].attributes[].name": "The attribute's path; empty for the value itself.",
    "resources[].attributes[].old": "What it was, or null.",
    "resources[].attributes[].new": "What it is, or null.",
    "resources[].attributes[].forces": "Whether its change cannot be made in place.",
    "generated_files": "Generated files that are not as they were generated.",
    "generated_files[].path": "The file.",
    "generated_files[].state": "`conflict`, `edited` (by hand, in this change), `edited before`, `deleted` or "
    "`no longer generated`.",
    "not_generated": "What the spec asks for and `generate` has not written, by name.",
    "secrets": "Possible secrets; its value is nowhere in the document.",
    "secrets[].path": "The file.",
    "secrets[].line": "The line, or null.",
    "secrets[].name": "The argument that it is assigned to, or empty if only its format matched.",
    "unread": "What was not understood.",
    "unread[].path": "The file.",
    "unread[].reason": "Why.",
    "unread[].line": "The line, or null.",
    "ipam": "Prefixes of the IPAM that were `added`, `removed` or `changed` since the base pulled them.",
    "other_files": "Files that differ and are neither Terraform nor generated.",
    "plans": "The plans that were given with `--plan`.",
    "plans[].environment": "The environment that the plan's variables name, or empty.",
    "plans[].terraform": "The version of Terraform that made it, or empty.",
    "plans[].is_complete": "Whether it is all that will change: planning neither failed nor was put off in part.",
    "plans[].is_known": "Whether the new side has that environment; true where none is named.",
    "plans[].other_ranges": "The ranges with which the plan was made and which the spec has otherwise.",
    "plans[].actions": "What Terraform plans to do.",
    "plans[].actions[].address": "The resource.",
    "plans[].actions[].type": "Its type.",
    "plans[].actions[].action": "`create`, `update`, `replace`, `destroy`, `forget`, `import` or `move`.",
    "plans[].actions[].was": "Its old address, where it has another one now, or empty.",
    "plans[].actions[].because": "The arguments that cannot change in place, or a reason in words.",
    "plans[].actions[].follows": "Whether all of these are unknown: the resource is replaced with its dependency.",
    "plans[].only_terraform": "What Terraform replaces or destroys, and `instances` does not, with the arguments.",
    "plans[].only_here": "What `instances` replaces or destroys, and Terraform leaves alone, with the arguments.",
    "plans[].settled": "What is not known without the plan.",
    "plans[].refused": "Why the cluster goes where Terraform would change it in place, in sentences.",
    "known": "Those of the findings that were there before.",
    "known[].code": "The rule.",
    "known[].environment": "The environment.",
    "known[].subject": "The range or key.",
    "mended": "Findings of the base that the change fixes, with the same fields as `findings`.",
    "mended[].code": "The rule.",
    "mended[].severity": "`error` or `warning`.",
    "mended[].environment": "The environment, or empty.",
    "mended[].subject": "The range or key.",
    "mended[].message": "What was wrong.",
    "mended[].reason": "Why that was wrong.",
    "mended[].fix": "What would have been right, if that is known.",
    "mended[].source": "Where the reason comes from.",
    "findings": "What is wrong: see [Findings](findings.md).",
    "findings[].code": "The rule.",
    "findings[].severity": "`error` or `warning`.",
    "findings[].environment": "The environment, or empty where it concerns the whole repository.",
    "findings[].subject": "The range or key that it is about.",
    "findings[].message": "What is wrong, with the values.",
    "findings[].reason": "Why that is wrong.",
    "findings[].fix": "A suggested fix, or empty.",
    "findings[].source": "Where the reason comes from: an address, or a page of this documentation.",
    "findings[].accepted": "Why the spec accepts the warning; only where it does.",
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
    "replace": "Something that exists is replaced, destroyed, cut off from the database, or left behind.",
    "unknown": "Whether something is replaced is not known, or a file could not be read.",
    "stale": "`generate` was not run.",
    "warning": "New warnings, and what looks like a secret.",
    "edit": "Generated file edited by hand.",
    "change": "Something changes, and nothing of the above.",
    "same": "Nothing to decide.",
}
STATES = {
    "new": "Not on disk yet.",
    "unchanged": "On disk as it should be; not listed.",
    "regenerated": "On disk as it was written last, and generated differently now.",
    "edited": "Edited by hand, and generated as it was last: it stays as it is, and is not listed.",
    "merged": "Edited by hand, and generated differently now: both changes are in it.",
    "conflict": "The same, where both changed the same lines: both texts are in it, and what was written last "
    "between them, with marks around.",
    "beside": "The same, with the last written text unknown: the new text is written to `FILE.escscaffold-new`.",
    "unsolved": "One of these two from an earlier run or a git merge, not resolved yet.",
    "deleted": "Written earlier, and deleted by hand: it stays away. Listed once.",
    "obsolete": "Written earlier and no longer generated: it is removed.",
    "obsolete-edited": "The same, but edited since: it stays, and it is a conflict until it is deleted or released.",
    "yours": "A file from which the markers were taken, so that nothing in it is generated.",
    "released": "Handed over with `escscaffold release`; not listed.",
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
    told = (
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
    documents = [json.loads(text) for text in told]
    found = dict.fromkeys(path for document in documents for path in _paths(document))
    unused = FIELDS.keys() - found.keys()
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
        "Of a repository whose spec was edited since:",
        fenced("json", check),
        "A file of your own with a reference to a missing declaration:",
        fenced("json", complaint),
        "## generate",
        "`init`, `add`, `set`, `remove` and `rename` print the same.",
        fenced("json", generate),
        "With `--defaults`, in a repository that an earlier version wrote:",
        fenced("json", json.dumps(newer, indent=2)),
        "## review",
        "[review.schema.json](review.schema.json) is the JSON Schema of it, for version 1.",
        "Of two folders, and with a plan:",
        fenced("json", review),
        "## scan",
        "With `--reserve`, in the same repository:",
        fenced("json", scan),
        "## adopt",
        "What `generate --json` prints, and besides what was read and what is imported:",
        fenced("json", _taken_over(adopt)),
        "## Every command",
        *by_command,
        "## Fields",
        "`*` stands for a name, `[]` for each item of a list.",
        table(("field", "meaning"), [(f"`{path}`", FIELDS[path]) for path in found]),
        "## States of a file",
        table(("state", "meaning"), [(f"`{state}`", told) for state, told in states.items()]),
        "## Levels of a review",
        "All but the last are what `--fail-on` can name.",
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
