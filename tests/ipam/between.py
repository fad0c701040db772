"""A server between escscaffold and NetBox: it passes requests on, and breaks those that a test names.

It is also a proxy, which ends TLS itself: with it, a client finds NetBox as https://netbox.example.com.
"""

import http.client
import os
import signal
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

CHANGES = ("POST", "PATCH", "DELETE")


@dataclass
class Answer:
    """What is answered: a status, headers, and a body."""

    status: int
    body: bytes = b'{"detail": "broken by the test"}'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cookies: tuple[str, ...] = ()


@dataclass
class Request:
    """One request as it came in."""

    number: int
    method: str
    path: str
    headers: dict[str, str]

    @property
    def changes(self) -> bool:
        """Whether it would change something."""
        return self.method in CHANGES


Fault = Callable[[Request, Callable[[], Answer]], Answer | None]
"""Gets a request and what passes it on; returns the answer, or None to end the connection without one."""


class Between:
    """The server: where it listens, what it saw, and what it breaks."""

    def __init__(self, url: str) -> None:
        self.upstream = urlsplit(url)
        self.seen: list[Request] = []
        self.fault: Fault = lambda request, passed_on: passed_on()
        self.tls: ssl.SSLContext | None = None
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def changes(self) -> list[Request]:
        """The requests that change something."""
        return [request for request in self.seen if request.changes]

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Return NetBox's own answer."""
        connection = http.client.HTTPConnection(str(self.upstream.hostname), self.upstream.port, timeout=120)
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
        # A page's forms are for the host that the browser knows.
        host = headers.get("Host", "")
        named = host if host.startswith("127.0.0.1:") else self.upstream.netloc
        connection.request(method, path, body or None, {**kept, "Host": named})
        response = connection.getresponse()
        cookies = tuple(response.headers.get_all("Set-Cookie") or ())
        answer = Answer(response.status, response.read(), dict(response.getheaders()), cookies)
        connection.close()
        return answer

    def once(self, fault: Fault, when: Callable[[Request], bool] = lambda request: True, times: int = 1) -> None:
        """Break the next requests for which `when` holds, as often as is said."""
        left = [times]

        def broken(request: Request, passed_on: Callable[[], Answer]) -> Answer | None:
            with self.lock:
                is_hit = left[0] > 0 and when(request)
                left[0] -= is_hit
            return fault(request, passed_on) if is_hit else passed_on()

        self.fault = broken

    def always(self, fault: Fault, when: Callable[[Request], bool] = lambda request: True) -> None:
        """Break every request for which `when` holds."""
        self.once(fault, when, 1 << 30)


def _handler(between: Between) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *said: object) -> None:
            pass

        def do_CONNECT(self) -> None:
            assert between.tls is not None, "it is no proxy for TLS"
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            try:
                self.connection = between.tls.wrap_socket(self.connection, server_side=True)
            except (ssl.SSLError, OSError):
                self.close_connection = True
                return
            self.rfile.close()
            self.rfile = self.connection.makefile("rb")
            self.wfile = _Sending(self.connection)  # type: ignore[assignment]
            self.close_connection = False

        def finish(self) -> None:
            super().finish()
            if isinstance(self.connection, ssl.SSLSocket):
                self.connection.close()

        def _any(self) -> None:
            path = self.path if self.path.startswith("/") else self.path.partition("://")[2].partition("/")[2]
            path = path if path.startswith("/") else f"/{path}"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = dict(self.headers.items())
            with between.lock:
                request = Request(len(between.seen) + 1, self.command, path, headers)
                between.seen.append(request)
            answer = between.fault(request, lambda: between.pass_on(self.command, path, headers, body))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() in ("content-type", "location", "retry-after"):
                    self.send_header(name, value)
            for cookie in answer.cookies:
                self.send_header("Set-Cookie", cookie)
            if answer.status != 204:
                self.send_header("Content-Length", str(answer.headers.get("X-Length", len(answer.body))))
            self.end_headers()
            try:
                self.wfile.write(answer.body if answer.status != 204 else b"")
            except OSError:
                self.close_connection = True
            if "X-Length" in answer.headers:
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_DELETE = _any  # noqa: N815 - as the library calls them

    return Handler


class _Sending:
    """What a handler writes to once its connection is encrypted."""

    closed = False

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection

    def write(self, data: bytes) -> int:
        self._connection.sendall(data)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


@contextmanager
def between(url: str) -> Iterator[Between]:
    """Start a server before this NetBox, and stop it at the end."""
    made = Between(url)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()


def status(code: int, **headers: str) -> Fault:
    """Answer with this status, and NetBox never sees the request."""
    named = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return lambda request, passed_on: Answer(code, headers=named)


def lost(request: Request, passed_on: Callable[[], Answer]) -> None:
    """Have NetBox do it, and lose the answer."""
    passed_on()


def reset(request: Request, passed_on: Callable[[], Answer]) -> None:
    """End the connection, and NetBox never sees the request."""


def slow(seconds: float) -> Fault:
    """Answer late."""

    def late(request: Request, passed_on: Callable[[], Answer]) -> Answer:
        time.sleep(seconds)
        return passed_on()

    return late


def cut(request: Request, passed_on: Callable[[], Answer]) -> Answer:
    """Answer with half of the body, as if that were all of it."""
    answer = passed_on()
    return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)


def broken_off(request: Request, passed_on: Callable[[], Answer]) -> Answer:
    """Announce the whole body, and end the connection in the middle of it."""
    answer = passed_on()
    half = answer.body[: len(answer.body) // 2]
    return Answer(answer.status, half, {**answer.headers, "X-Length": str(len(answer.body))})


def kill(pid: Callable[[], int]) -> Fault:
    """Have NetBox do it, and kill whoever asked before the answer comes."""

    def fault(request: Request, passed_on: Callable[[], Answer]) -> None:
        passed_on()
        os.kill(pid(), signal.SIGKILL)

    return fault


def certificate_for(host: str, folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Return the file of a new certificate authority, and what a server of this name shows."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    return folder / "authority.pem", context
