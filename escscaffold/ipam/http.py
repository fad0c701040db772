"""How NetBox is reached: time limits, repeated requests, and each failure in words. The token is in no message."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from pynetbox.core.query import AllocationError, ContentError, RequestError
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from escscaffold import __version__
from escscaffold.ipam.interface import IpamError, UncertainError
from escscaffold.tracing import trace

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each repetition of a request."""
LONGEST_PAUSE = 30.0
"""Seconds that NetBox may ask for between two requests."""
LARGEST_ANSWER = 64 * 2**20
_BUSY = (429, 500, 502, 503, 504)
_NOT_DONE = (429,)
"""What answers a change that was not made, so that it can be repeated."""
_TOKEN = re.compile(r"[!-~]{1,400}")
_HIDDEN = "********"


def session_for(token: str, seconds: float) -> requests.Session:
    """Return a session that signs in with the token and waits at most this long for each answer.

    Raises IpamError for a token that cannot be one.
    """
    if not _TOKEN.fullmatch(token):
        problem = "NETBOX_TOKEN is not set." if not token else "NETBOX_TOKEN is not a NetBox token."
        raise IpamError(
            problem, hint="Create a token in NetBox (Admin, API tokens) and set it: export NETBOX_TOKEN=..."
        )
    session = requests.Session()
    # Without this, requests would take a password of ~/.netrc in place of the token.
    session.auth = _TokenAuth(token)
    session.headers["User-Agent"] = f"escscaffold/{__version__}"
    for scheme in ("https://", "http://"):
        session.mount(scheme, _PatientAdapter(seconds))
    return session


class _TokenAuth(AuthBase):
    def __init__(self, token: str) -> None:
        # NetBox's tokens of version 2 begin with this, and are of another scheme.
        self._header = f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


class _RedirectError(Exception):
    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.target = target


class _BrokenAnswerError(requests.RequestException):
    """An answer that ends too early, is too large, or takes too long."""


class _PatientAdapter(HTTPAdapter):
    """Repeats what can be repeated, and reads each answer as a whole within a time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, request: requests.PreparedRequest, *arguments: Any, **settings: Any) -> requests.Response:
        """Send a request, again where it failed and cannot have changed anything.

        Raises a RequestException, an HTTPError or an OSError for the last failure, which `explained` puts into words.
        """
        settings |= {"timeout": (min(self._seconds, 10.0), self._seconds), "stream": True}
        for pause in (*PAUSES, None):
            try:
                response = super().send(request, **settings)
                trace(f"{request.method} {request.url}: {response.status_code}")
                self._read(response)
            except (requests.RequestException, HTTPError, OSError) as error:
                if pause is None or not _repeatable(request, error):
                    raise
                time.sleep(pause)
                continue
            if response.is_redirect:
                raise _RedirectError(str(response.headers.get("Location", "")))
            again = response.status_code in (_BUSY if request.method == "GET" else _NOT_DONE)
            if not again or pause is None:
                return response
            time.sleep(max(pause, _requested_pause(response)))
        raise AssertionError("the last pass returns or raises")

    def _read(self, response: requests.Response) -> None:
        """Read the whole answer; an answer of a byte now and then does not hold the run for ever."""
        end = time.monotonic() + self._seconds
        parts, size = [], 0
        while part := response.raw.read1(2**20, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise _BrokenAnswerError(f"the answer is larger than {LARGEST_ANSWER // 2**20} MiB")
            if time.monotonic() > end:
                raise requests.Timeout(f"no complete answer in {self._seconds:g} seconds")
        response._content = b"".join(parts)  # what requests itself sets once it has read an answer
        response._content_consumed = True
        response.close()
        is_json = response.ok and "json" in response.headers.get("Content-Type", "")
        if is_json and response.content and response.content.rstrip()[-1:] not in (b"}", b"]"):
            raise _BrokenAnswerError("an answer ends too early")


def _repeatable(request: requests.PreparedRequest, error: Exception) -> bool:
    """Return True for what changes nothing, or never reached NetBox; a certificate is no better a second later."""
    if isinstance(error, requests.exceptions.SSLError) or _is_refused_by_proxy(error):
        return False
    return request.method == "GET" or _was_not_sent(error)


def _was_not_sent(error: BaseException) -> bool:
    return isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error)


def _is_refused_by_proxy(error: Exception) -> bool:
    return isinstance(error, requests.exceptions.ProxyError) and "NewConnectionError" not in repr(error)


def _requested_pause(response: requests.Response) -> float:
    """Return how many seconds NetBox asks to wait; a date is none that it sends."""
    answer = response.headers.get("Retry-After", "")
    return min(float(answer), LONGEST_PAUSE) if answer.isascii() and answer.isdecimal() else 0.0


@contextmanager
def explained(url: str, token: str, doing: str, permission: str = "", *, changes: bool = False) -> Iterator[None]:
    """Turn each failure of the block into an IpamError: `doing` is what failed, `permission` what it needs."""
    try:
        yield
    except IpamError:
        raise
    except _RedirectError as error:
        raise _redirected(url, error.target) from None
    except AllocationError:
        raise
    except (RequestError, ContentError) as error:
        raise _refused(url, token, doing, permission, error.req, changes=changes) from None
    except (requests.RequestException, HTTPError, OSError) as error:
        problem, hint = _unreachable(url, error)
        kind = UncertainError if changes and not _was_not_sent(error) else IpamError
        raise kind(f"Cannot {doing}: {problem}.", hint=hint) from None


def _redirected(url: str, target: str) -> IpamError:
    to = urlsplit(target)
    host = f"{to.scheme}://{to.hostname}{f':{to.port}' if to.port else ''}" if to.hostname else to.path
    return IpamError(
        f"{url} redirects to {host}, which is not trusted with the token.",
        hint="If that is your NetBox, set url in [ipam] to its address.",
    )


def _refused(
    url: str, token: str, doing: str, permission: str, response: requests.Response, *, changes: bool
) -> IpamError:
    status, answer = response.status_code, _without_token(_body_text(response), token)
    begin = f"Cannot {doing}: {url} answers {status}"
    if status == 401 or (status == 403 and ("credentials" in answer or "token" in answer.lower())):
        return IpamError(
            f"{begin}, {answer}.", hint="NETBOX_TOKEN is not a valid token of this NetBox: create a new one."
        )
    if status == 403:
        need = f" It needs the permission {permission}." if permission else ""
        return IpamError(f"{begin}, {answer}.", hint=f"The token's user lacks the permission.{need}")
    if status == 404:
        hint = f"Check {url} in a browser: NetBox needs its API below /api."
        return IpamError(f"{begin}: the page does not exist.", hint=hint)
    if status < 300:
        return IpamError(
            f"Cannot {doing}: {url} is not a NetBox API.", hint="Set url in [ipam] to the address of NetBox."
        )
    if status in _BUSY:
        kind = UncertainError if changes and status not in _NOT_DONE else IpamError
        return kind(
            f"{begin}, after {len(PAUSES) + 1} tries.", hint="Run again later: the command continues from there."
        )
    return IpamError(f"{begin}: {answer}.", hint="Nothing was changed by this request.")


def _body_text(response: requests.Response) -> str:
    """Return NetBox's own words, shortened."""
    try:
        document = response.json()
    except ValueError:
        return str(response.reason or "no reason")
    return _words(document).strip(".")[:300] or str(response.reason)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = [
            _words(inner) if key in ("detail", "errors", "__all__") else f"{key}: {_words(inner)}"
            for key, inner in value.items()
            if key != "index"
        ]
        return ", ".join(part for part in parts if part)
    if isinstance(value, list):
        return ", ".join(_words(inner) for inner in value)
    return str(value).strip(".")


def _unreachable(url: str, error: Exception) -> tuple[str, str]:
    """Return what is wrong with a connection, and the fix."""
    host = urlsplit(url).hostname
    text = repr(error)
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy for {host} refuses or does not answer", "HTTPS_PROXY and NO_PROXY select the proxy."
    if isinstance(error, requests.exceptions.SSLError):
        reason = re.search(r"\[SSL[^\]]*\] ([^()\"']+)", text)
        answer = reason[1].strip().rstrip(".") if reason else "the certificate cannot be verified"
        return f"{answer} ({host})", "Set REQUESTS_CA_BUNDLE to the file with your organization's certificates."
    if isinstance(error, requests.Timeout):
        return f"{url} does not answer in time", "Set --timeout SECONDS to wait longer."
    if isinstance(error, _BrokenAnswerError):
        return f"{url}: {error}", "A proxy or firewall may truncate responses."
    if "NameResolutionError" in text or "getaddrinfo" in text:
        return f"host {host} not found", "Check url in [ipam] and the network connection to it."
    if "Connection refused" in text:
        return f"{url} refuses the connection", "Check that NetBox runs and that this network can reach it."
    return f"the connection to {url} was interrupted", "Run again: the command continues from there."


def _without_token(text: str, token: str) -> str:
    """Return a server's answer without the token, which it may repeat."""
    return text.replace(token, _HIDDEN) if token else text
