"""What goes wrong between here and NetBox: a clear message, an exit code, and nothing half done."""

import uuid
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.ipam.between import Answer, Between, broken_off, certificate_for, cut, reset, slow, status
from tests.ipam.conftest import NetBox, Table
from tests.ipam.server import TOKEN
from tests.properties import some_of

INIT = ("--mode", "eks", "--environment", "prod", "--yes")


def words(output: str) -> str:
    return " ".join(output.split())


@pytest.fixture
def spec(tmp_path: Path, table: Table, broken: Between) -> Path:
    """A repository that reads what a table has."""
    (tmp_path / "escscaffold.toml").write_text(
        f'version = 1\n[ipam]\nkind = "netbox"\nurl = "{broken.url}"\nvrf = "{table.name}"\n'
    )
    return tmp_path


GOES_ON = {
    "busy": status(429, Retry_After="0"),
    "error": status(500),
    "gateway": status(502),
    "reset": reset,
    "cut": cut,
    "broken off": broken_off,
}


@pytest.mark.parametrize("fault", GOES_ON)
def test_what_passes_is_tried_again(fault: str, spec: Path, broken: Between, run: Run) -> None:
    broken.once(GOES_ON[fault], lambda request: "/prefixes/" in request.path, times=2)

    done = run("ipam", "pull", "-C", spec)

    assert done.exit_code == 0, done.output
    assert "1 prefix of VRF" in done.output


HTML = {"Content-Type": "text/html"}
STOPS = {
    "busy": (status(429), "answers 429", "Run again later: the command continues from there."),
    "error": (status(500), "answers 500", "after 5 tries"),
    "reset": (reset, "the connection to", "was interrupted"),
    "cut": (cut, "an answer ends too early", "A proxy or firewall may truncate responses."),
    "unauthorized": (status(401), "answers 401", "NETBOX_TOKEN is not a valid token of this NetBox: create a new one."),
    "forbidden": (status(403), "answers 403", "permission ipam.view_prefix"),
    "not found": (status(404), "answers 404: the page does not exist", "its API below /api"),
    "elsewhere": (
        status(302, Location="https://login.example.com/?next=1"),
        "redirects to https://login.example.com, which is not trusted",
        ", which is not trusted with the token.",
    ),
    "a page": (lambda r, p: Answer(200, b"<html>", HTML), "is not a NetBox API.", "url in [ipam]"),
    "other json": (lambda r, p: Answer(200, b"[1]"), "is not a NetBox API.", "url in [ipam]"),
    "slow": (slow(1.5), "does not answer in time", "--timeout SECONDS"),
}


@pytest.mark.parametrize("fault", STOPS)
def test_what_does_not_pass_is_told(fault: str, spec: Path, broken: Between, run: Run) -> None:
    answer, problem, hint = STOPS[fault]
    broken.always(answer, lambda request: "/prefixes/" in request.path)

    done = run("ipam", "pull", "-C", spec, "--timeout", "0.5" if fault == "slow" else "20")

    assert done.exit_code == 1
    assert problem in words(done.output) and hint in words(done.output)
    assert "Traceback" not in done.output and TOKEN not in done.output
    assert not (spec / "escscaffold.ipam.json").exists()
    assert len(broken.seen) < 12


FAILURES = [(status(500), False), (status(403), True), (reset, False), (status(400), True)]


@pytest.mark.parametrize(("answer", "certain"), some_of(FAILURES, *FAILURES[1:3]))
def test_a_change_that_fails_for_good_leaves_nothing(
    answer: object,
    certain: bool,
    table: Table,
    broken: Between,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("escscaffold.ipam.claiming.ATTEMPTS", 2)
    # The ranges inside are the last to be registered.
    broken.always(answer, lambda r: r.method == "POST" and r.path.endswith("/ipam/prefixes/"))  # type: ignore[arg-type]

    done = run("init", tmp_path / "net", *INIT, *table.flags("platform/net", broken.url))
    left = table.claimed()
    broken.fault = lambda request, passed_on: passed_on()
    again = run("init", tmp_path / "net", *INIT, *table.flags("platform/net", broken.url))

    assert done.exit_code == 1
    assert "Nothing was written." in words(done.output)
    assert "Traceback" not in done.output
    # Where it is certain that nothing was registered, nothing is; elsewhere the next run finds it.
    assert left == {} or not certain
    assert again.exit_code == 0, again.output
    assert len(table.claimed()) == 4


def test_a_refused_connection_is_told(spec: Path, broken: Between, run: Run) -> None:
    text = (spec / "escscaffold.toml").read_text()
    (spec / "escscaffold.toml").write_text(text.replace(broken.url, "http://127.0.0.1:9"))

    done = run("ipam", "pull", "-C", spec)

    assert done.exit_code == 1
    assert "http://127.0.0.1:9 refuses the connection" in words(done.output)


@pytest.mark.parametrize("token", ["", "two words", "line\nline", "ümlaut"])
def test_what_is_no_token_is_refused_before_it_is_sent(
    token: str, spec: Path, broken: Between, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETBOX_TOKEN", token)

    done = run("ipam", "pull", "-C", spec)

    assert done.exit_code == 1
    assert "NETBOX_TOKEN is not" in done.output
    assert not token or token not in done.output
    assert broken.seen == []


def test_the_token_is_in_no_output_and_no_file(
    table: Table, broken: Between, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "abcdef0123456789abcdef0123456789abcdef01"
    done = run("init", tmp_path / "net", *INIT, *table.flags("platform/net", broken.url))
    assert done.exit_code == 0
    monkeypatch.setenv("NETBOX_TOKEN", secret)
    echo = Answer(400, f'{{"detail": "you sent Token {secret}"}}'.encode())
    broken.always(lambda request, passed_on: echo)

    echoed = run("ipam", "pull", "-C", tmp_path / "net")

    assert echoed.exit_code == 1
    assert "you sent Token ********" in echoed.output
    assert secret not in echoed.output
    assert {request.headers["Authorization"] for request in broken.seen} == {f"Token {TOKEN}", f"Token {secret}"}
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"platform/net" in written
    assert TOKEN.encode() not in written and secret.encode() not in written


def test_a_password_of_netrc_does_not_replace_the_token(
    spec: Path, broken: Between, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    assert run("ipam", "pull", "-C", spec).exit_code == 0
    assert {request.headers["Authorization"] for request in broken.seen} == {f"Token {TOKEN}"}


def test_a_certificate_is_verified_through_a_proxy(
    spec: Path, broken: Between, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, broken.tls = certificate_for("netbox.example.com", tmp_path)
    text = (spec / "escscaffold.toml").read_text()
    (spec / "escscaffold.toml").write_text(text.replace(broken.url, "https://netbox.example.com"))
    monkeypatch.setenv("HTTPS_PROXY", broken.url)

    unknown = run("ipam", "pull", "-C", spec)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    known = run("ipam", "pull", "-C", spec)

    assert unknown.exit_code == 1
    assert "certificate verify failed" in words(unknown.output)
    assert "Set REQUESTS_CA_BUNDLE to the file with your organization's certificates." in words(unknown.output)
    assert known.exit_code == 0, known.output


def test_a_proxy_that_is_not_there_is_told(
    spec: Path, broken: Between, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (spec / "escscaffold.toml").read_text()
    (spec / "escscaffold.toml").write_text(text.replace(broken.url, "https://netbox.example.com"))
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:9")

    done = run("ipam", "pull", "-C", spec)

    assert done.exit_code == 1
    assert "the proxy for netbox.example.com" in words(done.output)
    assert "hunter2" not in done.output


def test_a_user_who_may_only_read_pulls_and_is_told_what_a_claim_needs(
    netbox: NetBox, table: Table, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"reader-{uuid.uuid4().hex[:8]}"
    user = netbox.ask("POST", "users/users/", {"username": name, "password": "A-password-1"})["id"]
    made = netbox.ask("POST", "users/tokens/", {"user": user, "version": 2})
    kinds = ["ipam.prefix", "ipam.vrf", "extras.tag"]
    netbox.ask(
        "POST", "users/permissions/", {"name": name, "object_types": kinds, "actions": ["view"], "users": [user]}
    )
    # A token of version 2 is of another scheme.
    monkeypatch.setenv("NETBOX_TOKEN", f"nbt_{made['key']}.{made['token']}")

    refused = run("init", tmp_path / "net", *INIT, *table.flags("platform/net"))
    written = run("init", tmp_path / "net", *INIT, "--no-claim", *table.flags("platform/net"))
    pulled = run("ipam", "pull", "-C", tmp_path / "net")

    assert refused.exit_code == 1
    assert "answers 403" in refused.output and "permission ipam.add_prefix" in words(refused.output)
    assert written.exit_code == 0
    assert pulled.exit_code == 0, pulled.output


def test_without_its_library_it_says_what_to_install(spec: Path, broken: Between) -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['pynetbox'] = None; from escscaffold.cli import cli; "
        f"cli(['ipam', 'pull', '-C', {str(spec)!r}])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "pip install 'escscaffold[netbox]'" in words(done.stderr)
