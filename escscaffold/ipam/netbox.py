"""NetBox as the IPAM: its prefixes of one VRF, through pynetbox."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from ipaddress import IPv4Network
from typing import Any

import pynetbox
from msgspec import Struct, ValidationError, json
from pynetbox.core.query import AllocationError, ContentError, RequestError

from escscaffold.ipam.http import explained, session_for
from escscaffold.ipam.interface import IpamError, LastChange, NewPrefix, OvertakenError
from escscaffold.planning.snapshot import Prefix, ordered
from escscaffold.spec.model import IpamSpec

PAGE = 1000
"""Prefixes of one answer: the default maximum of NetBox."""
_FIELDS = "id,prefix,status,description,tenant,mark_utilized"
_STATUS = "reserved"
_COMMENTS = (
    "Claimed by escscaffold for environment {environment} of repository {repository}. To release: `escscaffold ipam "
    "release {environment}`."
)


class _Choice(Struct):
    value: str


class _Named(Struct):
    name: str


class _PrefixRow(Struct):
    id: int
    prefix: str
    status: _Choice
    description: str = ""
    tenant: _Named | None = None
    mark_utilized: bool = False

    def read(self) -> Prefix:
        return Prefix(
            id=self.id,
            prefix=self.prefix,
            status=self.status.value,
            description=self.description,
            tenant=self.tenant.name if self.tenant else "",
            full=self.mark_utilized,
        )


class _Page(Struct):
    results: list[_PrefixRow]
    next: str | None = None


class NetBox:
    """One VRF of a NetBox, or its global table; it is an `Ipam`."""

    def __init__(self, ipam: IpamSpec, token: str, seconds: float) -> None:
        """Keep what a connection needs; nothing is sent yet. Raises IpamError for what is no token."""
        self._ipam = ipam
        self._token = token
        self._api = pynetbox.api(ipam.url)
        self._api.http_session = session_for(token, seconds)
        self._url = f"{ipam.url}/api/ipam/prefixes/"

    def prefixes(self) -> tuple[Prefix, ...]:
        """Return every IPv4 prefix of the table."""
        return self._pages({"vrf_id": self._vrf})

    def overlapping(self, block: IPv4Network) -> tuple[Prefix, ...]:
        """Return the prefixes that share an address with the block."""
        around = self._pages({"vrf_id": self._vrf, "contains": str(block)})
        inside = self._pages({"vrf_id": self._vrf, "within_include": str(block)})
        return ordered({prefix.id: prefix for prefix in (*around, *inside)}.values())

    def own_prefixes(self, repository: str, ids: Sequence[int]) -> tuple[Prefix, ...]:
        """Return the prefixes with these numbers, and those whose description names the repository."""
        prefixes = [*self._pages({"vrf_id": self._vrf, "description__isw": f"{repository}: "})] if repository else []
        prefixes += self._pages({"vrf_id": self._vrf, "id": list(ids)}) if ids else ()
        return ordered({prefix.id: prefix for prefix in prefixes}.values())

    def _pages(self, filters: Mapping[str, Any]) -> tuple[Prefix, ...]:
        """Return all that fits, page by page in the order of numbers, so that no change meanwhile hides a prefix."""
        prefixes: list[Prefix] = []
        last = 0
        while True:
            query = {**filters, "family": 4, "ordering": "id", "limit": PAGE, "fields": _FIELDS, "id__gt": last}
            page = self._page(query)
            prefixes += (row.read() for row in page.results)
            if not page.next or not page.results:
                return self._in_order(prefixes)
            last = page.results[-1].id

    def _in_order(self, prefixes: Sequence[Prefix]) -> tuple[Prefix, ...]:
        try:
            return ordered(prefixes)
        except ValueError as error:
            raise IpamError(f"{self._ipam.url} is not a NetBox API: {error}.") from None

    def _page(self, query: Mapping[str, Any]) -> _Page:
        with self._explained("read the prefixes", "ipam.view_prefix"):
            response = self._api.http_session.get(self._url, params=query)
            if not response.ok:
                raise RequestError(response)
            try:
                return json.decode(response.content, type=_Page)
            except (ValidationError, ValueError):
                raise ContentError(response) from None

    @cached_property
    def _vrf(self) -> int | str:
        """The VRF's number, or what NetBox calls the global table."""
        name = self._ipam.vrf
        if not name:
            return "null"
        with self._explained("find the VRF", "ipam.view_vrf"):
            vrfs = list(self._api.ipam.vrfs.filter(name=name)) or list(self._api.ipam.vrfs.filter(rd=name))
        return self._only(vrfs, f"VRF {name}", "vrf")

    def _only(self, objects: Sequence[Any], noun: str, key: str) -> int:
        """Return the number of the one thing that was found; raises IpamError for none or several."""
        if len(objects) == 1:
            return int(objects[0].id)
        if not objects:
            raise IpamError(f"{self._ipam.url} has no {noun}.", hint=f"Create it there, or change {key} in [ipam].")
        raise IpamError(
            f"{self._ipam.url} has {len(objects)} of {noun}.",
            hint=f"Rename all but one there, or set {key} in [ipam] to the route distinguisher."
            if key == "vrf"
            else "Rename all but one there.",
        )

    def prepare(self) -> None:
        """Find the tenant and the role, and find or make the tags."""
        _ = self._default_fields

    @cached_property
    def _default_fields(self) -> Mapping[str, Any]:
        """What every claimed prefix has."""
        defaults: dict[str, Any] = {"status": _STATUS, "tags": [{"name": tag} for tag in self._ipam.tags]}
        if self._vrf != "null":
            defaults["vrf"] = self._vrf
        if self._ipam.tenant:
            with self._explained("find the tenant", "tenancy.view_tenant"):
                tenants = list(self._api.tenancy.tenants.filter(name=self._ipam.tenant))
            defaults["tenant"] = self._only(tenants, f"tenant {self._ipam.tenant}", "tenant")
        if self._ipam.role:
            with self._explained("find the role", "ipam.view_role"):
                roles = list(self._api.ipam.roles.filter(name=self._ipam.role))
            defaults["role"] = self._only(roles, f"prefix role {self._ipam.role}", "role")
        for tag in self._ipam.tags:
            self._make_tag(tag)
        return defaults

    def _make_tag(self, tag: str) -> None:
        def exists() -> bool:
            with self._explained("find the tag", "extras.view_tag"):
                return bool(list(self._api.extras.tags.filter(name=tag)))

        if exists():
            return
        slug = re.sub(r"[^a-z0-9_-]+", "-", tag.lower()).strip("-") or "escscaffold"
        try:
            with self._explained(f"create the tag {tag}", "extras.add_tag", changes=True):
                self._api.extras.tags.create(name=tag, slug=slug)
        except IpamError:
            # Another run may have made it at the same moment.
            if not exists():
                raise

    def allocate(self, root: Prefix, length: int, description: str) -> Prefix | None:
        """Register the first free block inside `root`; NetBox holds a lock meanwhile. None where nothing is left."""
        query = {"prefix_length": length, **self._new(description)}
        inside = self._record(root.id).available_prefixes
        try:
            with self._explained(f"allocate a /{length} in {root.prefix}", "ipam.add_prefix", changes=True):
                created = inside.create(query)
        except AllocationError:
            return None
        return self._read([created], f"allocate a /{length}")[0]

    def free(self, root: Prefix) -> tuple[IPv4Network, ...]:
        """Return what is left of `root`."""
        with self._explained(f"read the free addresses of {root.prefix}", "ipam.view_prefix"):
            return tuple(IPv4Network(prefix.prefix) for prefix in self._record(root.id).available_prefixes.list())

    def register(self, new: Sequence[NewPrefix]) -> tuple[Prefix, ...]:
        """Register all of these prefixes in one request, which NetBox makes as a whole or not at all.

        Raises OvertakenError where another run registered one of them just before, IpamError for any other failure.
        """
        if not new:
            return ()
        rows = [{"prefix": str(prefix.cidr), **self._new(prefix.description)} for prefix in new]
        named = ", ".join(str(prefix.cidr) for prefix in new[:3])
        try:
            with self._explained(f"register {named}", "ipam.add_prefix", changes=True):
                created = self._api.ipam.prefixes.create(rows)
        except IpamError as error:
            # Where the VRF enforces uniqueness, NetBox itself refuses a prefix that another run has just registered.
            if "uplicate prefix" in error.problem:
                raise OvertakenError(error.problem, hint=error.hint) from None
            raise
        return self._read(created, f"register {named}")

    def describe(self, descriptions: Mapping[int, str]) -> None:
        """Give prefixes another description, in one request."""
        if descriptions:
            rows = [{"id": number, **self._answer_text(text)} for number, text in descriptions.items()]
            with self._explained("change descriptions", "ipam.change_prefix", changes=True):
                self._api.ipam.prefixes.update(rows)

    def release(self, ids: Sequence[int]) -> None:
        """Delete the prefixes with these numbers that exist, in one request."""
        for is_last in (False, False, True):
            existing = {prefix.id for prefix in self._pages({"id": list(ids)})} if ids else set()
            if not existing:
                return
            try:
                with self._explained("delete prefixes", "ipam.delete_prefix", changes=True):
                    # The later number first: what is inside was registered after its block.
                    self._api.ipam.prefixes.delete(sorted(existing, reverse=True))
                return
            except IpamError as error:
                # Another run may have deleted one of them meanwhile.
                if is_last or "could not be found" not in error.problem:
                    raise

    def last_change(self, number: int) -> LastChange | None:
        """Return the newest entry of NetBox's change log about a prefix; None where it has none or may not show it.

        Raises IpamError where NetBox cannot be asked.
        """
        query = {"changed_object_type": "ipam.prefix", "changed_object_id": number, "ordering": "-time", "limit": 1}
        session, url = self._api.http_session, f"{self._ipam.url}/api/core/object-changes/"
        with self._explained("read the change log", "core.view_objectchange"):
            response = session.get(url, params=query)
            if response.status_code in (403, 404):
                return None
            if not response.ok:
                raise RequestError(response)
            rows = response.json().get("results", [])
        if not rows:
            return None
        row = rows[0]
        return LastChange(user=str(row["user_name"]), time=str(row["time"]), action=str(row["action"]["label"]).lower())

    def _new(self, description: str) -> Mapping[str, Any]:
        return {**self._default_fields, **self._answer_text(description)}

    def _answer_text(self, description: str) -> Mapping[str, str]:
        repository, _, rest = description.partition(": ")
        environment = rest.partition(" ")[0]
        comments = _COMMENTS.format(repository=repository, environment=environment)
        return {"description": description, "comments": comments}

    def _record(self, number: int) -> Any:
        """Return pynetbox's view of a prefix whose number is known, without a request for it."""
        return self._api.ipam.prefixes.return_obj(
            {"id": number, "url": f"{self._url}{number}/"}, self._api, self._api.ipam.prefixes
        )

    def _read(self, created: Sequence[Any], doing: str) -> tuple[Prefix, ...]:
        try:
            rows = [json.decode(json.encode(record.serialize(init=True)), type=_Created) for record in created]
            return tuple(row.read() for row in rows)
        except (ValidationError, ValueError, AttributeError):
            raise IpamError(f"Cannot {doing}: {self._ipam.url} is not a NetBox API.") from None

    def _explained(self, doing: str, permission: str, *, changes: bool = False) -> Any:
        return explained(self._ipam.url, self._token, doing, permission, changes=changes)


class _Created(Struct):
    """A prefix as it is answered once it was made; pynetbox flattens what it refers to."""

    id: int
    prefix: str
    status: str | _Choice = _STATUS
    description: str = ""

    def read(self) -> Prefix:
        status = self.status if isinstance(self.status, str) else self.status.value
        return Prefix(id=self.id, prefix=self.prefix, status=status, description=self.description)
