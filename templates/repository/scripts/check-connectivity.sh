#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'USAGE'
Checks from pods in the running cluster whether they reach the database.

usage: scripts/check-connectivity.sh ENVIRONMENT [OPTION...]
       scripts/check-connectivity.sh --host NAME --kurrent-range CIDR --remote CIDR [OPTION...]

  ENVIRONMENT            read the next three from environments/ENVIRONMENT
  --host NAME            name of the database
  --kurrent-range CIDR   range of the Kurrent network
  --remote CIDR          what the peering routes to; repeat it for several ranges
  --port PORT            port of the database (2113)
  --context NAME         kubectl's context (the current one)
  --namespace NAME       namespace for the pods (kubectl's own)
  --image IMAGE          image of the pods, with busybox in it (busybox:1.37)
  --one                  run one pod, wherever it is scheduled, instead of one per node group and zone
  --timeout SECONDS      how long to wait for the pods (180)

Exit codes: 0 every pod reaches the port; 1 one does not; 2 a pod could not run, so nothing is known there.
Ping alone decides nothing: many networks drop it, and a restricted pod may not send it.
The pods keep to the restricted Pod Security Standard, mount no token, and are deleted at the end.
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

# --- what to check -----------------------------------------------------------

environment='' host='' kurrent_range='' context='' port=2113 image=busybox:1.37 timeout=180 one=''
remote=() kubectl=(kubectl --request-timeout=30s)

while (($# > 0)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --host | --kurrent-range | --remote | --port | --context | --namespace | --image | --timeout)
      (($# > 1)) || stop "$1 needs a value"
      case $1 in
        --host) host=$2 ;;
        --kurrent-range) kurrent_range=$2 ;;
        --remote) remote+=("$2") ;;
        --port) port=$2 ;;
        --context) context=$2 kubectl+=(--context "$2") ;;
        --namespace) kubectl+=(--namespace "$2") ;;
        --image) image=$2 ;;
        --timeout) timeout=$2 ;;
      esac
      shift 2
      ;;
    --one)
      one=yes
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

# Reads the value of one output from Terraform's JSON without spaces.
output_value() {
  printf '%s' "$outputs" | sed -nE "s/.*\"$1\":\{[^{}]*\"value\":(\"[^\"]*\"|\[[^]]*\]).*/\1/p" | tr -d '[]"' | tr ',' ' '
}

if [[ -n $environment ]]; then
  [[ $environment =~ ^[a-z0-9-]+$ ]] || stop "'$environment' is not the name of an environment"
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/environments/$environment
  [[ -d $root ]] || stop "there is no folder $root"
  outputs=$("${TERRAFORM:-terraform}" -chdir="$root" output -json | tr -d ' \n\r\t') || stop "terraform could not read the outputs of $environment"
  [[ -n $host ]] || host=$(output_value database_dns_name)
  [[ -n $kurrent_range ]] || kurrent_range=$(output_value kurrent_range)
  if ((${#remote[@]} == 0)); then
    read -r -a remote <<<"$(output_value remote)"
  fi
  [[ -n $kurrent_range ]] || stop "$environment has no outputs yet: run terraform apply first"
  [[ -n $host ]] || stop "$environment has no database: name one with --host"
fi

if [[ -z $host || -z $kurrent_range ]] || ((${#remote[@]} == 0)); then
  stop "give an environment, or --host, --kurrent-range and --remote (see --help)"
fi
[[ $host =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || stop "'$host' is not a host name"
[[ $port =~ ^[0-9]{1,5}$ ]] || stop "'$port' is not a port"
for range in "$kurrent_range" "${remote[@]}"; do
  is_range "$range" || stop "'$range' is not a range such as 172.29.98.0/24"
done
[[ $image =~ ^[A-Za-z0-9][A-Za-z0-9._/:@-]*$ ]] || stop "'$image' is not the name of an image"
[[ $timeout =~ ^[0-9]{1,4}$ ]] || stop "'$timeout' is not a number of seconds"
command -v kubectl >/dev/null || stop "kubectl is not installed"

# --- run the pods ------------------------------------------------------------

# Runs in the pod, with busybox. It prints one line and fails, so the kubelet keeps the line in the
# pod's status: reading logs needs another permission, and a connection from the API to the node.
# Its nc can lack -z, so nc runs "true" once it is connected.
read -r -d '' probe <<'PROBE' || true
host=$1 port=$2 ping=unknown open=unknown
addresses=$(timeout 20 nslookup "$host" 2>/dev/null | awk '
  /^Name:/ { answer = 1 }
  answer && /^Address/ && match($0, /[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/) {
    printf "%s%s", comma, substr($0, RSTART, RLENGTH)
    comma = ","
  }')
if [ -n "$addresses" ]; then
  if reply=$(timeout 15 ping -c 3 -w 10 "$host" 2>&1); then
    ping=ok
  elif echo "$reply" | grep -q "ermission denied\|not permitted"; then
    ping=denied
  else
    ping=failed
  fi
  if reply=$(timeout 15 nc -w 5 "$host" "$port" -e true 2>&1); then
    open=ok
  elif echo "$reply" | grep -q "refused"; then
    open=refused
  else
    open=failed
  fi
fi
echo "resolved=$addresses ping=$ping port=$open"
exit 1
PROBE

check=check-connectivity-$(date +%s)-$$
work=$(mktemp -d)
# Without waiting for the deletion of the pods.
trap '"${kubectl[@]}" delete pod --selector "check=$check" --ignore-not-found --wait=false >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# explain TEXT: explains an error of kubectl, admission, kubelet or scheduler.
explain() {
  case $1 in
    *"exceeded quota"* | *"failed quota"*) echo "the quota of the namespace has no room for the pod: name another --namespace" ;;
    *"violates PodSecurity"*) echo "the Pod Security Standard of the namespace refuses the pod: name another --namespace" ;;
    *erviceaccount*"not found"* | *"service account"*"not found"*) echo "the namespace has no service account named default yet: create it, or name another --namespace" ;;
    *"admission webhook"* | *"denied the request"* | *ValidatingAdmissionPolicy*) echo "a policy of the cluster (Gatekeeper, Kyverno, Azure Policy) refuses the pod: name an allowed --image or another --namespace" ;;
    *Unauthorized* | *"logged in"* | *"getting credentials"* | *"executable "*"not found"* | *expired*) echo "kubectl is not signed in: run the environment's connect_command again" ;;
    *namespaces*"not found"*) echo "there is no such namespace: name another --namespace" ;;
    *forbidden* | *Forbidden*) echo "you may not create pods there: name another --namespace, or get the role" ;;
    *toomanyrequests* | *"429"* | *"rate limit"*) echo "the registry's pull limit is reached: name a copy of the image, such as --image public.ecr.aws/docker/library/busybox:1.37" ;;
    *ErrImagePull* | *ImagePullBackOff* | *InvalidImageName* | *"pull image"*) echo "the node cannot pull $image: name a copy that it reaches and may read, such as --image public.ecr.aws/docker/library/busybox:1.37" ;;
    *"connection refused"* | *"no such host"* | *"i/o timeout"* | *"deadline exceeded"* | *"did you specify the right host"* | *"request-timeout"* | *"Client.Timeout"*) echo "kubectl does not reach the cluster, or is set to another (--context)" ;;
    *"untolerated taint"*) echo "no node takes the pod: all of them have taints" ;;
    *nsufficient* | *"Too many pods"* | *"nodes are available"*) echo "no node has room for the pod" ;;
    *) echo "the pod did not run to its end" ;;
  esac
}

# manifest NAME ZONE GROUP_LABEL GROUP
manifest() {
  cat <<MANIFEST
apiVersion: v1
kind: Pod
metadata:
  name: $1
  labels:
    app.kubernetes.io/name: check-connectivity
    check: $check
spec:
  activeDeadlineSeconds: $((timeout + 120))
  automountServiceAccountToken: false
  restartPolicy: Never
  nodeSelector:
    kubernetes.io/os: linux
MANIFEST
  if [[ -n $2 ]]; then printf '    topology.kubernetes.io/zone: "%s"\n' "$2"; fi
  if [[ -n $4 ]]; then printf '    %s: "%s"\n' "$3" "$4"; fi
  cat <<MANIFEST
  securityContext:
    runAsNonRoot: true
    runAsUser: 65534
    runAsGroup: 65534
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: check
      image: $image
      terminationMessagePolicy: FallbackToLogsOnError
      resources:
        requests: {cpu: 10m, memory: 16Mi}
        limits: {cpu: 100m, memory: 32Mi}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      command: [sh, -c]
      args:
        - |
$(printf '%s\n' "$probe" | sed 's/^/          /')
        - probe
        - "$host"
        - "$port"
MANIFEST
}

# Prints "ZONE LABEL GROUP" for each zone of each node group, with - for a missing label.
places() {
  local zone eks gke aks
  "${kubectl[@]}" get nodes --selector kubernetes.io/os=linux --output jsonpath='{range .items[*]}{.metadata.labels.topology\.kubernetes\.io/zone}{"|"}{.metadata.labels.eks\.amazonaws\.com/nodegroup}{"|"}{.metadata.labels.cloud\.google\.com/gke-nodepool}{"|"}{.metadata.labels.kubernetes\.azure\.com/agentpool}{"\n"}{end}' 2>"$work/nodes" |
    while IFS='|' read -r zone eks gke aks; do
      if [[ -n $eks ]]; then
        echo "${zone:--} eks.amazonaws.com/nodegroup $eks"
      elif [[ -n $gke ]]; then
        echo "${zone:--} cloud.google.com/gke-nodepool $gke"
      elif [[ -n $aks ]]; then
        echo "${zone:--} kubernetes.azure.com/agentpool $aks"
      else
        echo "${zone:--} - -"
      fi
    done | sort -u
}

most=20 found=''
if [[ -z $one ]]; then found=$(places) || found=''; fi
if [[ -z $found ]]; then
  if [[ -z $one ]]; then printf 'hint    nodes    kubectl cannot list the nodes, so one pod is checked, wherever it is scheduled\n'; fi
  found='- - -'
elif (($(printf '%s\n' "$found" | wc -l) > most)); then
  printf 'hint    nodes    the first %s of %s node groups and zones are checked\n' "$most" "$(printf '%s\n' "$found" | wc -l | tr -d ' ')"
  found=$(printf '%s\n' "$found" | head -n "$most")
fi

printf 'Checking from %s in %s ...\n' "$(printf '%s\n' "$found" | wc -l | tr -d ' ') pod(s)" "${context:-$(kubectl config current-context 2>/dev/null || echo 'the cluster')}"
number_of=0 created=0 names=() titles=() refused=()
while read -r zone label group; do
  number_of=$((number_of + 1))
  title=''
  if [[ $group != - ]]; then title="node group $group"; fi
  if [[ $zone != - ]]; then title="${title:+$title, }zone $zone"; fi
  names+=("$check-$number_of") titles+=("${title:-any node}")
  refused+=('')
  if manifest "$check-$number_of" "${zone#-}" "$label" "${group#-}" | "${kubectl[@]}" create -f - >"$work/created" 2>&1; then
    created=$((created + 1))
  elif ((created == 0)); then
    # The reason that refuses the first pod refuses the others, too.
    stop "$(explain "$(<"$work/created")")
$(<"$work/created")"
  else
    refused[number_of - 1]=$(<"$work/created")
  fi
done <<<"$found"

# Each line: name|phase|node|address|message of the probe|reason why the container waits
status() {
  "${kubectl[@]}" get pods --selector "check=$check" --output jsonpath='{range .items[*]}{.metadata.name}{"|"}{.status.phase}{"|"}{.spec.nodeName}{"|"}{.status.podIP}{"|"}{.status.containerStatuses[0].state.terminated.message}{"|"}{.status.containerStatuses[0].state.waiting.reason}{"\n"}{end}' >"$work/all" 2>"$work/status.error" || return 0
  grep "^$check-" "$work/all" >"$work/status" || true
}

# Causes that no wait fixes end it early; an autoscaler may still add a node for an unscheduled pod.
is_final() {
  case $1 in Succeeded | Failed) return 0 ;; esac
  case $2 in ImagePullBackOff | InvalidImageName | CreateContainerConfigError | CreateContainerError) return 0 ;; esac
  return 1
}

: >"$work/status"
end=$((SECONDS + timeout))
while :; do
  status
  waiting=0 seen=0
  while IFS='|' read -r _ phase _ _ _ reason; do
    seen=$((seen + 1))
    is_final "$phase" "$reason" || waiting=$((waiting + 1))
  done <"$work/status"
  if ((seen >= created && waiting == 0)) || ((SECONDS >= end)); then break; fi
  sleep 2
done

# --- say what it means -------------------------------------------------------

failed=0 unknown=0
ok() { printf 'ok      %-8s %s\n' "$1" "$2"; }
hint() { printf 'hint    %-8s %s\n' "$1" "$2"; }
skip() { printf 'unknown %-8s %s\n' "$1" "$2"; }
fail() {
  printf 'FAILED  %-8s %s\n' "$1" "$2"
  failed=1
}

# report ADDRESS RESOLVED PING PORT
report() {
  local address=$1 resolved=$2 ping=$3 open=$4 one outside=''
  if ! is_address "$address"; then
    hint address "the pod has no IPv4 address in its status"
  elif in_any "$address" "${remote[@]}"; then
    ok address "the pod has $address, which the peering routes to (${remote[*]})"
  else
    hint address "the pod has $address, outside what the peering routes to (${remote[*]}): right only where pods are SNATed to the node's address"
  fi
  if [[ -z $resolved ]]; then
    fail name "$host has no address in the cluster: the cluster's DNS is down, or drops public names with private addresses (rebind protection)"
    skip route "not checked, because there is no address to connect to"
    skip port "not checked, because there is no address to connect to"
    return
  fi
  for one in ${resolved//,/ }; do
    in_range "$one" "$kurrent_range" || outside="$outside $one"
  done
  if [[ -n $outside ]]; then
    fail name "$host resolves to$outside, outside the Kurrent network ($kurrent_range): the name is another database's, or the resolver rewrites it (rebind protection)"
  else
    ok name "$host resolves to ${resolved//,/, }, in the Kurrent network ($kurrent_range)"
  fi
  case $open in
    ok)
      ok route "packets reach $kurrent_range and return"
      ok port "$host accepts connections on port $port"
      ;;
    refused)
      ok route "packets reach $kurrent_range and return"
      fail port "$host refuses connections on port $port: the database is not up, or listens on another port"
      ;;
    *)
      if [[ $ping == ok ]]; then
        ok route "packets reach $kurrent_range and return"
        fail port "$host answers ping, but not port $port: the database is not up, or a network policy or security group drops the port"
      else
        fail route "nothing returns from $host: a route to $kurrent_range is missing, the peering is not active, or a firewall drops the packets"
        skip port "not checked, because no packet returns"
      fi
      ;;
  esac
  case $ping:$open in
    ok:*) ok ping "$host answers" ;;
    denied:*) hint ping "the pod may not ping (it lacks NET_RAW), so this says nothing about the peering" ;;
    *:ok | *:refused) hint ping "$host does not answer ping, and the port shows that the route works: something drops ICMP" ;;
    *) hint ping "$host does not answer ping either" ;;
  esac
}

for index in "${!names[@]}"; do
  name=${names[index]}
  phase='' node='' address='' message='' reason=''
  IFS='|' read -r _ phase node address message reason < <(grep "^$name|" "$work/status" || echo '|||||') || true
  printf '\n%s%s\n' "${titles[index]}" "${node:+ (node $node)}"
  if [[ $message =~ ^resolved=([0-9.,]*)\ ping=([a-z]+)\ port=([a-z]+) ]]; then
    report "$address" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    continue
  fi
  unknown=1
  if [[ -n ${refused[index]} ]]; then
    skip pod "not checked: $(explain "${refused[index]}")"
    printf '%s\n' "${refused[index]}" | sed 's/^/        /' | head -n 5
    continue
  fi
  details=$("${kubectl[@]}" get pod "$name" --output jsonpath='{.status.reason} {.status.message} {.status.containerStatuses[0].state.waiting.reason} {.status.containerStatuses[0].state.waiting.message} {.status.conditions[?(@.type=="PodScheduled")].message}' 2>&1) || true
  skip pod "not checked: $(explain "$details") (${phase:-no answer} after at most $timeout seconds)"
  if [[ -n ${details// /} ]]; then printf '%s\n' "$details" | sed 's/^ */        /' | head -n 5; fi
done

if ((failed)); then exit 1; fi
if ((unknown)); then exit 2; fi
