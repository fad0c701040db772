#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'USAGE'
Reads from the state which objects in Kurrent Cloud an environment has, for move_provider.tf.

usage: scripts/read-kurrent-ids.sh ENVIRONMENT

Writes environments/ENVIRONMENT/kurrent_ids.auto.tfvars, which holds no secret. The state is
read and nothing else; run `terraform init` in the environment's folder first.
TERRAFORM names another program than terraform, such as tofu.
USAGE
}

stop() {
  printf 'error: %s\n' "$1" >&2
  exit 2
}

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
esac
(($# == 1)) || stop "name one environment (see --help)"
[[ $1 =~ ^[a-z0-9-]+$ ]] || stop "'$1' is no name of an environment"
command -v jq >/dev/null || stop "jq is not installed"

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/environments/$1
[[ -d $root ]] || stop "there is no folder $root"
[[ -f $root/move_provider.tf ]] || stop "$1 has no move_provider.tf: it does not move to another provider"
state=$("${TERRAFORM:-terraform}" -chdir="$root" state pull) || stop "terraform could not read the state of $1"

# Resources of the environment's modules, with the type of either provider, because a move can be
# incomplete. Each type exists once, except integrations, which have names.
ids=$(jq -r '
  [ .resources[]?
    | select(.mode == "managed" and ((.module // "") | startswith("module.kurrent_")))
    | select(.type | test("^(eventstorecloud|kurrentcloud)_"))
    | (.type | sub("^[a-z]+_"; "")) as $type
    | .instances[]
    | { type: $type, name: .index_key, attributes } ]
  | map(select(.name)) as $named
  | map(select(.name | not))
  | map({ key: "project", value: (.attributes.project_id // .attributes.id) })
    + map({ key: .type, value: .attributes.id })
  | from_entries
  | del(.managed_cluster_replicaset)
  | def lines($indent): (keys | map(length) | max) as $width
      | to_entries | sort_by(.key)[]
      | "\($indent)\(.key)\(" " * ($width - (.key | length)) // "") = \"\(.value)\"";
    lines("  "),
    if $named == [] then empty
    else "  integrations = {",
      ($named | map({ key: .name, value: .attributes.id }) | from_entries | lines("    ")),
      "  }" end
' <<<"$state") || stop "the state of $1 is none that this script reads"
[[ -n $ids ]] || stop "the state of $1 holds nothing of Kurrent Cloud: take the move away with escscaffold generate --forget $1.provider"

file=$root/kurrent_ids.auto.tfvars
printf '# Read from the state by scripts/read-kurrent-ids.sh. Remove it together with move_provider.tf.\nkurrent_ids = {\n%s\n}\n' "$ids" >"$file"
printf 'Wrote %s:\n%s\n' "environments/$1/kurrent_ids.auto.tfvars" "$ids"
