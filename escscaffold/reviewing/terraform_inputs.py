"""Files that are not Terraform and decide what Terraform is run with: variables, backend settings, commands. Pure.

None of them is evaluated. A change that sets such an input is reported, so that it is not taken for harmless.
"""

import json
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator

from escscaffold.reviewing.side_files import SideFiles, Unread, is_terraform, is_terragrunt
from escscaffold.terraform.references import is_configuration, variables_named

_DOCUMENTS = (".md", ".markdown", ".rst", ".adoc", ".txt", ".html", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".pdf")
_NAMES = (
    (re.compile(r"\.tfstate(?:$|\.d/)"), "Terraform state is not compared"),
    (re.compile(r"\.tfbackend$"), "it has settings of a backend, which are not read"),
    (re.compile(r"(?:^|/)\.terraformignore$"), "it decides which files a remote run gets"),
    (re.compile(r"(?:^|/)(?:\.terraformrc|\.tofurc|terraform\.rc|tofu\.rc)$"), "it decides where providers come from"),
    (re.compile(r"(?:^|/)(?:atlantis|env0)\.ya?ml$"), "it decides where Terraform is run, and with which workspace"),
    (re.compile(r"\.hcl\.json$"), "Terragrunt files are not read"),
    (re.compile(r"\.tm$"), "Terramate files are not read"),
)
_PROGRAM = re.compile(r"\b(?:terraform|tofu|opentofu|terragrunt)\b|\bTF_[A-Z]", re.IGNORECASE)
_INPUT = re.compile(
    r"\bTF_(?:VAR_\w{1,200}|WORKSPACE|CLI_ARGS\w{0,50}|CLI_CONFIG_FILE|DATA_DIR|REATTACH_PROVIDERS)\b"
    r"|(?<![\w-])--?(?:var|var-file|backend-config|state|target|replace|exclude|destroy|chdir|reconfigure)\b(?!-)"
    r"|\b(?:terraform|tofu|terragrunt)[ \t](?:[^\n]{0,200}[ \t])?(?:destroy|import|taint"
    r"|state[ \t]{1,9}(?:rm|mv|push|replace-provider)|workspace[ \t]{1,9}(?:select|new|delete))\b"
    r"|\b(?:AWS_(?:DEFAULT_)?REGION|AWS_PROFILE|AWS_ROLE_ARN|AWS_ENDPOINT_URL\w{0,50}"
    r"|(?:GOOGLE|CLOUDSDK_CORE)_(?:PROJECT|REGION|ZONE)|GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"
    r"|ARM_(?:SUBSCRIPTION|TENANT|CLIENT)_ID|ARM_ENVIRONMENT|ESC_ORG_ID)\b"
    r"|(?<![\w-])working-directory(?=[ \t]{0,9}:)|(?:^|[;&|][ \t]{0,9})cd(?=[ \t])"
    r"|(?<![\w-])(?:role-to-assume|aws-region|subscription-id|tenant-id|workload_identity_provider)(?=[ \t]{0,9}:)"
)
_COMPUTED = re.compile(r"\$[\w{(]|\{\{")
_SETTING = re.compile(r"[\w\"'\]][ \t]{0,20}[:=]|^[ \t]{0,50}- ")
_ASSIGNED = re.compile(r"([A-Za-z_][\w-]{0,200})[ \t]{0,50}=[ \t]{0,50}[^=\s]")
_OF_BACKENDS = frozenset(
    [
        *("access_key", "address", "bucket", "conn_str", "container_name", "dynamodb_table", "encrypt", "endpoint"),
        *("hostname", "key", "lock_address", "namespace", "organization", "path", "prefix", "profile", "region"),
        *("resource_group_name", "role_arn", "schema_name", "secret_suffix", "storage_account_name", "token"),
        *("subscription_id", "tenant_id", "use_lockfile", "workspace_dir", "workspace_key_prefix"),
    ]
)
_PLACES = frozenset(["address", "bucket", "container_name", "key", "path", "prefix", "schema_name", "secret_suffix"])
_SMALL = 64 * 2**10
_GENERATORS = {"cdktf.json": "CDK for Terraform", "atmos.yaml": "Atmos", "Pulumi.yaml": "Pulumi"}
_DATA = (".yaml", ".yml", ".json", ".toml", ".env", ".properties", ".csv")


def inputs_not_read(before: SideFiles, after: SideFiles, paths: Collection[str]) -> Iterator[Unread]:
    """Yield those of the differing files that Terraform, or what runs it, may take as an input."""
    variables: frozenset[str] | None = None
    terragrunt: list[str] | None = None
    paths = [path for path in paths if not (path.endswith(_DOCUMENTS) or is_terraform(path) or is_terragrunt(path))]
    for side in (before, after):
        side.read_ahead(path for path in paths if _is_small(side, path))
    for path in paths:
        reason = next((reason for pattern, reason in _NAMES if pattern.search(path)), "")
        if not reason:
            old, new = (_small(side, path) for side in (before, after))
            reason = _set_inputs(old, new)
            before_values, after_values = _assigned(path, old), _assigned(path, new)
            names = frozenset(after_values or before_values)
            if not reason and names and before_values != after_values:
                variables = _variables(before, after) if variables is None else variables
                reason = _given(names, variables)
        reason = reason or _read_by_generator(path, (before, after))
        if not reason and path.endswith(_DATA):
            terragrunt = list(_terragrunt_texts(before, after)) if terragrunt is None else terragrunt
            reason = _named_in(path, terragrunt)
        if reason:
            yield Unread(path=path, reason=reason)


def _small(side: SideFiles, path: str) -> str:
    return (side.text(path) or "") if _is_small(side, path) else ""


def _is_small(side: SideFiles, path: str) -> bool:
    entry = side.entries.get(path)
    return entry is not None and entry.kind == "file" and entry.size <= _SMALL


def _set_inputs(old: str, new: str) -> str:
    """Return which inputs of Terraform are on lines that differ."""
    if not _PROGRAM.search(old) and not _PROGRAM.search(new):
        return ""
    before, after = (set(map(str.strip, side.splitlines())) for side in (old, new))
    one_sided = before ^ after
    differing = [line for line in (*new.splitlines(), *old.splitlines()) if line.strip() in one_sided]
    inputs = _inputs_on(differing)
    if not inputs and any(_SETTING.search(_code(line)) for line in differing):
        # What an input is computed of may be on any other line.
        inputs = _inputs_on(line for line in (*new.splitlines(), *old.splitlines()) if _COMPUTED.search(line))
    return f"it sets what Terraform is run with: {', '.join(list(inputs)[:3])}" if inputs else ""


def _inputs_on(lines: Iterable[str]) -> dict[str, None]:
    """Return the inputs of Terraform that lines name, each once."""
    return dict.fromkeys(" ".join(match[0].split()) for line in lines for match in _INPUT.finditer(_code(line)))


def _code(line: str) -> str:
    """Return a line without what is a comment in most languages."""
    return "" if line.lstrip().startswith(("#", "//")) else line


def _assigned(path: str, text: str) -> dict[str, str]:
    """Return the values by name, as they are written, in a file of nothing but assignments, or of one JSON object."""
    if path.endswith(".json"):
        try:
            document = json.loads(text)
            return {name: json.dumps(value) for name, value in document.items()} if isinstance(document, dict) else {}
        except (ValueError, RecursionError):
            return {}
    lines = [line for line in map(str.strip, map(_code, text.splitlines())) if line]
    matches = [(_ASSIGNED.match(line), line) for line in lines]
    return {match[1]: line for match, line in matches if match} if all(match for match, _ in matches) else {}


def _given(names: frozenset[str], variables: frozenset[str]) -> str:
    if names <= variables:
        return "it can be values of variables, as in -var-file"
    return "it can be settings of a backend, as in -backend-config" if names <= _OF_BACKENDS and names & _PLACES else ""


def _variables(*sides: SideFiles) -> frozenset[str]:
    return frozenset(
        name
        for side in sides
        for path in side.entries
        if is_configuration(path)
        for name in variables_named(path, side.text(path) or "")
    )


def _read_by_generator(path: str, sides: Iterable[SideFiles]) -> str:
    for side in sides:
        for marker, program in _GENERATORS.items():
            if any(side.exists(posixpath.join(folder, marker)) for folder in _around(path)):
                return f"{program} makes the configuration from files that are not read"
    return ""


def _terragrunt_texts(*sides: SideFiles) -> Iterator[str]:
    for side in sides:
        paths = [path for path in side.entries if is_terragrunt(path)]
        side.read_ahead(paths)
        yield from (side.text(path) or "" for path in paths)


def _named_in(path: str, terragrunt: Iterable[str]) -> str:
    name = posixpath.basename(path)
    return "a Terragrunt file names it, and is not read" if any(name in text for text in terragrunt) else ""


def _around(path: str) -> Iterator[str]:
    """Yield the folders around a path, the nearest first, the top as nothing."""
    while path:
        path = posixpath.dirname(path)
        yield path
