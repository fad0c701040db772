"""A real NetBox on loopback, with its PostgreSQL and Redis, all below one folder.

It decides how they are started and stopped. What is in there it does not know. `python -m tests.ipam.server FOLDER`
starts one for work by hand, and `--stop FOLDER` stops it.
"""

import lzma
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

VERSION = "4.7.3"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
PASSWORD = "a-password-of-the-tests"
CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 420
_CONFIGURATION = """\
ALLOWED_HOSTS = ["*"]
DATABASES = {{"default": {{"NAME": "netbox", "USER": "postgres", "PASSWORD": "", "HOST": "127.0.0.1", "PORT": "{pg}",
                          "CONN_MAX_AGE": 300}}}}
REDIS = {{k: {{"HOST": "127.0.0.1", "PORT": {redis}, "USERNAME": "", "PASSWORD": "", "DATABASE": n, "SSL": False}}
         for n, k in enumerate(("tasks", "caching"))}}
SECRET_KEY = "not-a-secret-" * 6
API_TOKEN_PEPPERS = {{1: "not-a-secret-" * 6}}
"""
# What is started lives on until `stop`, maybe called by another process.
_started: list["subprocess.Popen[bytes]"] = []


@dataclass(frozen=True)
class Server:
    """A NetBox that runs."""

    url: str
    token: str


def missing() -> str:
    """Return what is not here of what a NetBox needs; nothing where all is."""
    lacks = [name for name in ("redis-server", "psql") if not shutil.which(name)]
    lacks += [] if _postgres() else ["PostgreSQL"]
    lacks += [] if (_environment() / "bin/netbox").is_file() else [f"netbox=={VERSION} in {_environment().name}"]
    lacks += [] if dump().is_file() else [f"its database, {dump().name}"]
    return f"no NetBox here: {', '.join(lacks)} missing" if lacks else ""


def _environment() -> Path:
    """Return the environment that has NetBox: it needs a later Python than escscaffold."""
    return Path(os.environ.get("ESCSCAFFOLD_NETBOX", CHECKOUT / ".venv/netbox"))


def dump() -> Path:
    """Return the migrated and empty database: to migrate one takes some 16 minutes."""
    folder = os.environ.get("ESCSCAFFOLD_NETBOX_DUMP")
    return (Path(folder) if folder else Path(__file__).parent) / f"netbox-{VERSION}.sql.xz"


def _postgres() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    program = shutil.which("pg_ctl")
    return found[-1] if found else Path(program).parent if program else None


def start(folder: Path) -> Server:
    """Start a NetBox below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    web, pg, redis = _free_ports(3)
    environment = os.environ | {
        "NETBOX_ROOT": str(folder / "site"),
        "PGHOST": "127.0.0.1",
        "PGPORT": str(pg),
        "PGUSER": "postgres",
        "NETBOX_TESTS_TOKEN": TOKEN,
        "NETBOX_TESTS_PASSWORD": PASSWORD,
    }
    _start_postgres(folder, pg, environment)
    _run("redis-server", "--port", redis, "--bind", "127.0.0.1", "--save", "", "--daemonize", "yes", "--pidfile",
         folder / "redis.pid", "--dir", folder)  # fmt: skip
    python = _environment() / "bin/python"
    _run(_environment() / "bin/netbox", "setup", "--target", folder / "site", environment=environment)
    (folder / "site/conf/configuration.py").write_text(_CONFIGURATION.format(pg=pg, redis=redis))
    command = [
        *(python, "-m", "gunicorn", "--config", Path(__file__).with_name("netbox_workers.py")),
        *("--bind", f"127.0.0.1:{web}", "--workers", "2", "netbox.wsgi"),
    ]
    with (folder / "gunicorn.log").open("w") as log:
        gunicorn = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    _started.append(gunicorn)
    (folder / "gunicorn.pid").write_text(str(gunicorn.pid))
    server = Server(url=f"http://127.0.0.1:{web}", token=TOKEN)
    _wait_for(server, gunicorn)
    return server


def _start_postgres(folder: Path, port: int, environment: Mapping[str, str]) -> None:
    tools, data = _postgres(), folder / "pg"
    assert tools is not None
    data.mkdir()
    if os.getuid() == 0:
        shutil.chown(data, "postgres")
    _as_postgres(f"{tools}/initdb -D {data} -A trust -U postgres --locale=C.UTF-8 -E UTF8")
    settings = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
    _as_postgres(f"{tools}/pg_ctl -D {data} -o '{settings}' -l {data}/server.log -w start")
    _run("createdb", "netbox", environment=environment)
    _run("psql", "-q", "netbox", environment=environment, given=lzma.decompress(dump().read_bytes()).decode())


def _as_postgres(command: str) -> None:
    """Run a command of the database, which refuses to run as root."""
    _run(*(("su", "postgres", "-c", command) if os.getuid() == 0 else ("sh", "-c", command)))


def _run(*command: object, environment: Mapping[str, str] | None = None, given: str = "") -> None:
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, f"{command[0]}\n{done.stdout[-2000:]}"


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports: list[int] = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    request = urllib.request.Request(f"{server.url}/api/status/", headers={"Authorization": f"Token {server.token}"})
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(request, timeout=60).close()
            return
        except urllib.error.HTTPError as error:
            assert error.code >= 500, f"NetBox refuses the tests' own token: {error.code}"
            time.sleep(0.5)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("NetBox does not start: see gunicorn.log beside its database")


def stop(folder: Path) -> None:
    """Stop what was started below the folder."""
    for name in ("gunicorn.pid", "redis.pid"):
        if (folder / name).is_file():
            with suppress(ProcessLookupError):
                os.kill(int((folder / name).read_text()), signal.SIGTERM)
    for process in _started:
        process.wait(timeout=SECONDS_TO_START)
    if (folder / "pg/postmaster.pid").exists():
        _as_postgres(f"{_postgres()}/pg_ctl -D {folder / 'pg'} -m immediate stop")


if __name__ == "__main__":
    if sys.argv[1] == "--stop":
        stop(Path(sys.argv[2]).resolve())
    else:
        running = start(Path(sys.argv[1]).resolve())
        print(f"ESCSCAFFOLD_NETBOX_URL={running.url} NETBOX_TOKEN={running.token}")
