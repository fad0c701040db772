#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'USAGE'
Plans and applies one environment from CI.

usage: scripts/deploy.sh ready ENVIRONMENT NAME...
       scripts/deploy.sh plan ENVIRONMENT FOLDER
       scripts/deploy.sh drift ENVIRONMENT FOLDER
       scripts/deploy.sh apply ENVIRONMENT FOLDER

  ready   print true if each of these variables has a value, false otherwise
  plan    write the plan into FOLDER: plan.txt, plan.md, changes (yes or no), and the lock file
  drift   the same, and fail if anything would change
  apply   plan again, and apply if that is the plan in FOLDER

A plan file holds secrets, so it stays on this machine. `apply` compares what people approved, the text.
TERRAFORM names another program than terraform, such as tofu.
USAGE
}

warn() {
  if [[ -n ${GITHUB_ACTIONS:-} ]]; then printf '::warning::%s\n' "$1" >&2; else printf 'warning: %s\n' "$1" >&2; fi
}

stop() {
  if [[ -n ${GITHUB_ACTIONS:-} ]]; then printf '::error::%s\n' "$1" >&2; else printf 'error: %s\n' "$1" >&2; fi
  exit "${2:-1}"
}

case ${1:-} in
  ready | plan | drift | apply) (($# > 2)) || stop "$1 needs an environment and more (see --help)" 2 ;;
  -h | --help)
    usage
    exit 0
    ;;
  *) stop "there is no command '${1:-}' (see --help)" 2 ;;
esac
command=$1 environment=$2
shift 2
[[ $environment =~ ^[a-z0-9-]+$ ]] || stop "'$environment' is not the name of an environment" 2

if [[ $command == ready ]]; then
  missing=()
  read -ra names <<<"$*"
  for name in "${names[@]}"; do
    [[ -n ${!name:-} ]] || missing+=("$name")
  done
  if ((${#missing[@]} == 0)); then
    echo true
  else
    warn "Skipped $environment: CI has no ${missing[*]} for it. README.md says where to set that."
    echo false
  fi
  exit 0
fi

mkdir -p "$1"
folder=$(cd "$1" && pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/environments/$environment
[[ -d $root ]] || stop "there is no folder environments/$environment" 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
terraform=("${TERRAFORM:-terraform}" "-chdir=$root")
lock_file=$root/.terraform.lock.hcl

init() {
  if [[ ! -e $lock_file && -e $folder/terraform.lock.hcl ]]; then
    # The approved provider versions, if no lock file is committed.
    cp "$folder/terraform.lock.hcl" "$lock_file"
  elif [[ ! -e $lock_file ]]; then
    warn "environments/$environment/.terraform.lock.hcl is not committed: every run takes the newest providers that fit. README.md has the command that makes it."
    "${terraform[@]}" get >/dev/null
    "${terraform[@]}" providers lock -platform=linux_amd64 -platform=linux_arm64 \
      -platform=darwin_amd64 -platform=darwin_arm64 -platform=windows_amd64
  fi
  "${terraform[@]}" init -input=false -lockfile=readonly ||
    stop "terraform init failed. Where it names the lock file, make that again for all platforms: README.md has the command."
}

# plan TARGET [OPTION...]: writes the text of the plan, and sets `changes`.
plan() {
  local target=$1 code=0
  shift
  "${terraform[@]}" plan -input=false -detailed-exitcode -out="$work/plan.tfplan" "$@" || code=$?
  case $code in
    0) changes=no ;;
    2) changes=yes ;;
    *) stop "terraform plan failed in environments/$environment" ;;
  esac
  "${terraform[@]}" show -no-color "$work/plan.tfplan" >"$target"
}

# Prints one part of the comment. The fence is longer than any run of tildes in the text.
report() {
  local summary
  summary=$(sed -n 's/^Plan: //p; s/^No changes\..*/no changes/p' "$1" | head -n 1)
  printf '### %s: %s\n' "$environment" "${summary:-outputs change}"
  if [[ $changes == yes ]]; then
    printf '\n<details><summary>Plan</summary>\n\n~~~~~~~~\n'
    sed 's/~~~~~~~/~~~~~~ /g' "$1" | head -c 20000
    (($(wc -c <"$1") <= 20000)) || printf '\n... cut here: the log of the job has all of it.\n'
    printf '\n~~~~~~~~\n\n</details>\n'
  fi
}

case $command in
  plan | drift)
    rm -f "$folder/plan.txt" "$folder/changes"
    printf '### %s: no plan\n\nThe log of its job has the error.\n' "$environment" >"$folder/plan.md"
    init
    # The identity of plans is read-only, so it cannot lock the state.
    plan "$folder/plan.txt" -lock=false
    if [[ -e $lock_file ]]; then cp "$lock_file" "$folder/terraform.lock.hcl"; fi
    report "$folder/plan.txt" >"$folder/plan.md"
    printf '%s\n' "$changes" >"$folder/changes"
    if [[ $command == drift && $changes == yes ]]; then
      stop "$environment has drifted: the state or the cloud is not what the files of this commit say." 2
    fi
    ;;
  apply)
    [[ -s $folder/plan.txt ]] || stop "there is no approved plan in $folder"
    init
    plan "$work/plan.txt" -lock-timeout=10m
    diff -u "$folder/plan.txt" "$work/plan.txt" ||
      stop "The plan of $environment is not the approved one any more: nothing was applied. Run the workflow again, and approve the new plan."
    if [[ $changes == no ]]; then
      echo "$environment has no changes."
    else
      "${terraform[@]}" apply -input=false -lock-timeout=10m "$work/plan.tfplan"
    fi
    ;;
esac
