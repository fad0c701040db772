#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'USAGE'
Asks a pod in the running cluster whether it reaches the database.

usage: scripts/check-connectivity.sh ENVIRONMENT [OPTION...]
       scripts/check-connectivity.sh --host NAME --kurrent-range CIDR --remote CIDR [OPTION...]

  ENVIRONMENT            read the next three from environments/ENVIRONMENT
  --host NAME            name of the database
  --kurrent-range CIDR   range of the Kurrent network
  --remote CIDR          what the peering routes to; repeat it for several ranges
  --port PORT            port of the database (2113)
  --context NAME         kubectl's context (the current one)
  --namespace NAME       namespace for the pod (kubectl's own)
  --image IMAGE          image of the pod, with busybox in it (busybox:1.37)
  --restricted           keep to the restricted Pod Security Standard, under which a pod
                         may not be able to ping

Exits with 0 if name, ping and port work, 1 if one does not, 2 if it could not ask. A ping
that the cluster does not allow says nothing, and counts for nothing.
TERRAFORM names another program than terraform, such as tofu.
USAGE
}

stop() {
  printf 'error: %s\n' "$1" >&2
  exit 2
}

# --- addresses ---------------------------------------------------------------

address_pattern='^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$'

is_address() {
  local octet
  [[ $1 =~ $address_pattern ]] || return 1
  for octet in "${BASH_REMATCH[@]:1}"; do
    ((10#$octet <= 255)) || return 1
  done
}

is_range() {
  [[ $1 =~ ^([^/]+)/([0-9]{1,2})$ ]] || return 1
  ((10#${BASH_REMATCH[2]} <= 32)) || return 1
  is_address "${BASH_REMATCH[1]}"
}

number() {
  [[ $1 =~ $address_pattern ]]
  printf '%d' $(((10#${BASH_REMATCH[1]} << 24) | (10#${BASH_REMATCH[2]} << 16) | (10#${BASH_REMATCH[3]} << 8) | 10#${BASH_REMATCH[4]}))
}

# in_range ADDRESS CIDR
in_range() {
  local length=$((10#${2#*/}))
  local mask=$(((0xffffffff << (32 - length)) & 0xffffffff))
  (((($(number "$1") ^ $(number "${2%/*}")) & mask) == 0))
}

# in_any ADDRESS CIDR...
in_any() {
  local address=$1 range
  shift
  for range in "$@"; do
    if in_range "$address" "$range"; then return 0; fi
  done
  return 1
}

# --- what to ask about -------------------------------------------------------

environment='' host='' kurrent_range='' context='' port=2113 image=busybox:1.37
remote=() kubectl=(kubectl) restricted=()

while (($# > 0)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --host | --kurrent-range | --remote | --port | --context | --namespace | --image)
      (($# > 1)) || stop "$1 needs a value"
      case $1 in
        --host) host=$2 ;;
        --kurrent-range) kurrent_range=$2 ;;
        --remote) remote+=("$2") ;;
        --port) port=$2 ;;
        --context) context=$2 kubectl+=(--context "$2") ;;
        --namespace) kubectl+=(--namespace "$2") ;;
        --image) image=$2 ;;
      esac
      shift 2
      ;;
    --restricted)
      restricted=(--override-type=strategic)
      shift
      ;;
    -*) stop "there is no option $1 (see --help)" ;;
    *)
      [[ -z $environment ]] || stop "one environment at a time, not $environment and $1"
      environment=$1
      shift
      ;;
  esac
done

# Reads one output's value from Terraform's JSON, from which the blanks are gone.
output_value() {
  printf '%s' "$outputs" | sed -nE "s/.*\"$1\":\{[^{}]*\"value\":(\"[^\"]*\"|\[[^]]*\]).*/\1/p" | tr -d '[]"' | tr ',' ' '
}

if [[ -n $environment ]]; then
  [[ $environment =~ ^[a-z0-9-]+$ ]] || stop "'$environment' is no name of an environment"
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/environments/$environment
  [[ -d $root ]] || stop "there is no folder $root"
  outputs=$("${TERRAFORM:-terraform}" -chdir="$root" output -json | tr -d ' \n\r\t') || stop "terraform could not read the outputs of $environment"
  [[ -n $host ]] || host=$(output_value database_dns_name)
  [[ -n $kurrent_range ]] || kurrent_range=$(output_value kurrent_range)
  if ((${#remote[@]} == 0)); then
    read -r -a remote <<<"$(output_value remote)"
  fi
  [[ -n $kurrent_range ]] || stop "$environment has no outputs yet: run terraform apply first"
  [[ -n $host ]] || stop "$environment makes no database: name the one to ask for with --host"
fi

if [[ -z $host || -z $kurrent_range ]] || ((${#remote[@]} == 0)); then
  stop "give an environment, or --host, --kurrent-range and --remote (see --help)"
fi
[[ $host =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || stop "'$host' is no host name"
[[ $port =~ ^[0-9]{1,5}$ ]] || stop "'$port' is no port"
for range in "$kurrent_range" "${remote[@]}"; do
  is_range "$range" || stop "'$range' is no range such as 172.29.98.0/24"
done
command -v kubectl >/dev/null || stop "kubectl is not installed"

# --- ask a pod ---------------------------------------------------------------

# Runs in the pod, under busybox. It says nothing before the end, because what a pod
# says before kubectl is attached is lost. Its nc may be built without -z, so nc runs
# "true" once it is connected.
read -r -d '' probe <<'PROBE' || true
host=$1 port=$2

ask() {
  ifconfig | awk '/inet addr:/ { sub("addr:", "", $2); if ($2 !~ /^127\./) { print "pod-address " $2; exit } }'
  nslookup "$host" | awk '
    /^Name:/ { answer = 1 }
    answer && /^Address/ && match($0, /[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/) { print "resolved " substr($0, RSTART, RLENGTH) }'
  if reply=$(ping -c 3 -w 10 "$host" 2>&1); then
    echo "ping ok"
  elif echo "$reply" | grep -q "ermission denied"; then
    echo "ping denied"
  else
    echo "ping failed"
  fi
  if nc -w 5 "$host" "$port" -e true; then echo "port ok"; else echo "port failed"; fi
}

answers=$(ask 2>/dev/null)
sleep 2
echo "$answers"
PROBE

pod=check-connectivity-$(date +%s)-$$
# Without waiting: the answers are there, and --rm may have removed it already.
trap '"${kubectl[@]}" delete pod "$pod" --ignore-not-found --wait=false >/dev/null 2>&1 || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ((${#restricted[@]} > 0)); then
  restricted+=(--overrides '{"spec": {
    "securityContext": {"runAsNonRoot": true, "runAsUser": 65534, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [{"name": "'"$pod"'",
      "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}')
fi

printf 'Asking a pod in %s ...\n' "${context:-$(kubectl config current-context 2>/dev/null || echo 'the cluster')}"
answers=$("${kubectl[@]}" run "$pod" --image="$image" --restart=Never --rm --attach --quiet \
  --pod-running-timeout=3m ${restricted[@]+"${restricted[@]}"} --command -- sh -c "$probe" probe "$host" "$port" 2>&1 | tr -d '\r') || true

answer() {
  printf '%s\n' "$answers" | sed -n "s/^$1 //p"
}

if [[ -z $(answer port) ]]; then
  case $answers in
    *"violates PodSecurity"*) reason="the namespace takes restricted pods only: ask with --restricted, or name another --namespace" ;;
    *ErrImagePull* | *ImagePullBackOff*) reason="the nodes cannot get $image: name a copy that they reach with --image" ;;
    *"timed out waiting"*) reason="the pod did not start in three minutes: there is no room for it, or the nodes cannot get $image (--image names a copy)" ;;
    *forbidden* | *Unauthorized*) reason="you may not run a pod there: name another --namespace, or ask for the right" ;;
    *"connection refused"* | *"no such host"* | *"i/o timeout"*) reason="kubectl does not reach the cluster, or is set to another (--context)" ;;
    *) reason="the pod did not run to its end" ;;
  esac
  stop "$reason
$answers"
fi

# --- say what it means -------------------------------------------------------

failed=0
ok() { printf 'ok      %-8s %s\n' "$1" "$2"; }
hint() { printf 'hint    %-8s %s\n' "$1" "$2"; }
fail() {
  printf 'FAILED  %-8s %s\n' "$1" "$2"
  failed=1
}

address=$(answer pod-address)
if ! is_address "$address"; then
  hint address "the pod did not say its address"
elif in_any "$address" "${remote[@]}"; then
  ok address "the pod has $address, which the peering routes to (${remote[*]})"
else
  hint address "the pod has $address, outside what the peering routes to (${remote[*]}): right only where pods hide behind their node's address"
fi

resolved=$(answer resolved)
outside=''
for address in $resolved; do
  in_range "$address" "$kurrent_range" || outside="$outside $address"
done
if [[ -z $resolved ]]; then
  fail name "$host has no address in the cluster: its resolver is down, or drops public names with private addresses (rebind protection)"
elif [[ -n $outside ]]; then
  fail name "$host resolves to$outside, outside the Kurrent network ($kurrent_range): the name is another database's, or the resolver rewrites it (rebind protection)"
else
  ok name "$host resolves to ${resolved//$'\n'/, }, in the Kurrent network ($kurrent_range)"
fi

case $(answer ping) in
  ok) ok ping "$host answers" ;;
  denied) hint ping "the cluster does not let its pods ping (they lack NET_RAW), so this says nothing about the peering" ;;
  *) fail ping "$host does not answer: a route to $kurrent_range is missing, the peering is not active, or a firewall is in between" ;;
esac

if [[ $(answer port) == ok ]]; then
  ok port "$host accepts connections on port $port"
elif [[ $(answer ping) == denied ]]; then
  fail port "$host does not accept connections on port $port: a route to $kurrent_range is missing, the peering is not active, or something blocks the port"
elif [[ $(answer ping) == ok ]]; then
  fail port "$host answers, but not on port $port: the database is not up, or a network policy or security group blocks the port"
else
  fail port "$host does not accept connections on port $port: mend what failed above first; then the database may not be up"
fi

exit "$failed"
