"""What `ipam pull` makes of 20,000 prefixes, beside a process that does no more than parse the JSON of their pages.

The pages are served from here, each made of a prefix as NetBox answers it. Processor time of the commands counts.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.benchmarks.growing import processor
from tests.benchmarks.measuring import Row, ours, row, seconds

MANY, PAGE, ROUNDS = 20_000, 1_000, 5
AIM = 3.0
_PARSE = """\
import json, pathlib, pynetbox
[json.loads(path.read_bytes()) for path in pathlib.Path({folder!r}).iterdir()]
"""


def rows(folder: Path) -> Iterator[Row]:
    """Yield a pull of all prefixes of the global table."""
    network, kept = folder / "network", folder / "pages"
    network.mkdir()
    kept.mkdir()
    for number, page in enumerate(_pages()):
        (kept / f"{number}.json").write_bytes(page)
    os.environ["NETBOX_TOKEN"] = "example"
    with _served(kept) as url:
        text = f'version = 1\n[ipam]\nkind = "netbox"\nurl = "{url}"\n'
        (network / "escscaffold.toml").write_text(text, encoding="utf-8")
        pull = ours("-C", network, "ipam", "pull", "--quiet")
        parse = [sys.executable, "-c", _PARSE.format(folder=str(kept))]
        pairs = [tuple(processor(lambda c=c: _run(c)) for c in (pull, parse)) for _ in range(ROUNDS + 1)]
    assert len(json.loads((network / "escscaffold.ipam.json").read_text(encoding="utf-8"))["prefixes"]) == MANY
    times = [(mine, floor) for mine, floor in pairs[1:]]
    yield row(f"ipam pull, {MANY:,} prefixes", times, "import pynetbox; parse the pages", AIM)


def _run(command: list[str]) -> None:
    seconds(command)


def _pages() -> Iterator[bytes]:
    for start in range(0, MANY, PAGE):
        results = [_prefix(number) for number in range(start, start + PAGE)]
        yield json.dumps({"count": MANY, "next": "more" if start + PAGE < MANY else None, "results": results}).encode()


def _prefix(number: int) -> dict[str, object]:
    return {
        "id": number + 1,
        "prefix": f"10.{128 + (number >> 8)}.{number & 255}.0/24",
        "status": {"value": "active", "label": "Active"},
        "tenant": None,
        "mark_utilized": False,
        "description": f"office {number}",
    }


@contextmanager
def _served(kept: Path) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *said: object) -> None:
            pass

        def do_GET(self) -> None:
            after = int(parse_qs(urlsplit(self.path).query).get("id__gt", ["0"])[0])
            body = (kept / f"{after // PAGE}.json").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
