"""The control API under `/_emulator/`: no key, because only your machine can reach it.

What there is is shown in numbers and ids, for tests that count what a program created and what it left behind. That
runs in a thread, page by page: an organization of any size does not stop the calls of others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import contextmanager
from inspect import getdoc
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, RootModel, ValidationError

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.api.keys import API_KEYS, SERVICE_ACCOUNTS, key_state
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.rate_limits import RATE_LIMITS
from pulumi_openai_admin.emulator.api.usage import ORGANIZATION_SPEND_LIMIT, PROJECT_SPEND_LIMIT, month_by_project
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control.faults import KINDS as FAULTS
from pulumi_openai_admin.emulator.control.faults import Fault
from pulumi_openai_admin.emulator.control.page import described, page
from pulumi_openai_admin.emulator.handlers.bodies import Query, body
from pulumi_openai_admin.emulator.handlers.errors import Refused, Reply
from pulumi_openai_admin.emulator.handlers.kind import CONTROL_PATH, Kind, Operation, Request, action
from pulumi_openai_admin.emulator.store.identifiers import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.handlers.kind import Organization
    from pulumi_openai_admin.emulator.store.store import Record


def live(
    organization: Organization, kinds: Sequence[str], after: int, limit: int, parent: str | None = None
) -> dict[str, Any]:
    """Give what exists now: for each kind the objects by parent and id, and where the next page begins.

    `parent`: only what is directly below this object.
    """
    objects: dict[str, dict[str, Any]] = defaultdict(dict)
    wanted = kinds if parent is None else kinds or list(organization.kinds)
    records = organization.store.existing(wanted, parent, after=after, limit=limit)
    for record in records:
        if organization.kinds[record.kind].is_live(organization, record):
            key = "/".join(part for part in (record.parent, record.id) if part)
            objects[record.kind][key] = record.shown()
    return {"objects": objects, "next": records[-1].position if len(records) == limit else None}


def ever(organization: Organization, after: int, limit: int | None) -> dict[str, Any]:
    """Give each project with all that it ever had, deleted accounts and revoked keys included, and the totals."""
    now, store = organization.behavior.now(), organization.store
    shown = list(islice(store.all(PROJECTS.name, after=after), limit))
    counts, states = store.counts(), Counter(key_state(key, now) for key in store.all(API_KEYS.name))
    accounts, accounts_ever = counts.get(SERVICE_ACCOUNTS.name, (0, 0))
    return {
        "totals": {
            "projects": counts.get(PROJECTS.name, (0, 0))[0],
            "service_accounts": accounts,
            "service_accounts_ever": accounts_ever,
            "api_keys": {state: states[state] for state in ("live", "expired", "revoked")},
        },
        "projects": {project.id: _project(organization, project) for project in shown},
        "next": shown[-1].position if limit is not None and len(shown) == limit else None,
    }


def _project(organization: Organization, project: Record) -> dict[str, Any]:
    now, keys = organization.behavior.now(), defaultdict[str | None, dict[str, str]](dict)
    for key in organization.store.all(API_KEYS.name, project.id):
        keys[key["service_account_id"]][key.id] = key_state(key, now)
    rows = organization.rate_limits()
    accounts = organization.store.all(SERVICE_ACCOUNTS.name, project.id)
    return {
        "name": project["name"],
        "status": "active" if project["archived_at"] is None else "archived",
        "is_default": project["is_default"],
        "service_accounts": {
            account.id: {
                **{name: account[name] for name in ("name", "role")},
                "deleted": account.deleted_at is not None,
                "keys": keys[account.id],
            }
            for account in accounts
        },
        "user_keys": keys[None],
        "rate_limits": {
            "rows": len(rows),
            "changed": {row.id: row["limits"] for row in organization.store.all(RATE_LIMITS.name, project.id)},
        },
    }


_FARTHEST = 10**10
"""No clock is moved by more seconds (about 300 years), and no store has more records."""

AnyObject = RootModel[dict[str, Any]]
ObjectOrList = RootModel[dict[str, Any] | list[dict[str, Any]]]


_MOVE = body("ClockMove", advance_seconds=Annotated[int, Field(ge=-_FARTHEST, le=_FARTHEST)])


class StateQuery(Query):
    """Which part of the state."""

    live: bool = False
    kind: list[str] = Field(default_factory=list)
    after: Annotated[int, Field(ge=0, le=_FARTHEST)] = 0
    limit: Annotated[int | None, Field(ge=1, le=10_000)] = None
    parent: str | None = None


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse a seed, switches or faults that are wrong, in one line."""
    try:
        yield
    except ValidationError as error:
        raise Refused(400, seeds.describe(error), code="unusable") from error


class ControlRoutes(Kind):
    """What a test sets and reads, and what people do outside the API."""

    name = "control"
    path = CONTROL_PATH

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def operations(self) -> list[Operation]:
        own = self.control_operations()
        of_kinds = [operation for kind in KINDS for operation in kind.control_operations()]
        documents = [
            Operation("GET", "/openapi.json", "document", self, self.document),
            Operation("GET", "/", "page", self, lambda _request: page()),
        ]
        return [*own, *of_kinds, *documents]

    @action("POST", "/_emulator/reset")
    def reset(self, _request: Request) -> dict[str, Any]:
        """`POST /_emulator/reset`: back to the start."""
        self._emulator.reset()
        return {"reset": True}

    @action("POST", "/_emulator/seed", body=AnyObject, takes_no_body=False)
    def seed_objects(self, request: Request) -> dict[str, Any]:
        """`POST /_emulator/seed`: add to what there is."""
        with _refusing():
            return self._emulator.grow(seeds.read(request.body.root))

    @action("GET", "/_emulator/world")
    def world(self, _request: Request) -> dict[str, Any]:
        """`GET /_emulator/world`: all switches."""
        return self._emulator.behavior.model_dump()

    @action("PUT", "/_emulator/world", body=AnyObject, takes_no_body=False)
    def set_world(self, request: Request) -> dict[str, Any]:
        """`PUT /_emulator/world`: set some switches, keep the others."""
        switches, emulator = request.body.root, self._emulator
        with _refusing():
            emulator.behavior.change(switches)
        if "throttle" in switches:
            emulator.buckets.clear()  # a new throttle starts with full ones
        return emulator.behavior.model_dump()

    @action("GET", "/_emulator/clock")
    def clock(self, _request: Request) -> dict[str, Any]:
        """`GET /_emulator/clock`: the time, and how far it is ahead."""
        behavior = self._emulator.behavior
        return {"now": behavior.now(), "offset_seconds": behavior.clock_offset_seconds}

    @action("POST", "/_emulator/clock", body=_MOVE, takes_no_body=False)
    def move_clock(self, request: Request) -> dict[str, Any]:
        """`POST /_emulator/clock`: move it, and with it the header `Date`; keys and invites expire, costs accrue."""
        behavior, seconds = self._emulator.behavior, request.body.advance_seconds
        offset, date = behavior.clock_offset_seconds + seconds, behavior.date_offset_seconds + seconds
        behavior.change({"clock_offset_seconds": offset, "date_offset_seconds": date})
        return self.clock(request)

    @action("GET", "/_emulator/faults")
    def faults(self, _request: Request) -> dict[str, Any]:
        """`GET /_emulator/faults`: what is set, what is left of it, how often it hit."""
        return {"faults": self._emulator.faults.shown()}

    @action("GET", "/_emulator/faults/kinds")
    def fault_kinds(self, _request: Request) -> dict[str, Any]:
        """`GET /_emulator/faults/kinds`: what each kind does, settings to begin with, and the settings of all kinds."""
        kinds = [{"kind": kind, "what": getdoc(of), "suggested": of.suggested} for kind, of in FAULTS.items()]
        return {"kinds": kinds, "common": [*Fault.model_fields]}

    @action("POST", "/_emulator/faults", body=ObjectOrList, takes_no_body=False)
    def add_faults(self, request: Request) -> dict[str, Any]:
        """`POST /_emulator/faults`: one fault or a list."""
        wanted = request.body.root
        with _refusing():
            return {"faults": self._emulator.faults.add(wanted if isinstance(wanted, list) else [wanted])}

    @action("DELETE", "/_emulator/faults")
    def remove_faults(self, _request: Request) -> dict[str, Any]:
        """`DELETE /_emulator/faults`: all of them."""
        self._emulator.faults.remove()
        return {"removed": True}

    @action("DELETE", "/_emulator/faults/{fault_id}")
    def remove_fault(self, request: Request) -> dict[str, Any]:
        """`DELETE /_emulator/faults/{fault_id}`: one."""
        self._emulator.faults.remove(request.ids["fault_id"])
        return {"removed": True}

    @action("GET", "/_emulator/requests")
    def requests(self, _request: Request) -> dict[str, Any]:
        """`GET /_emulator/requests`: the log, oldest first."""
        return {"requests": self._emulator.log.shown()}

    @action("DELETE", "/_emulator/requests")
    def clear_requests(self, _request: Request) -> dict[str, Any]:
        """`DELETE /_emulator/requests`: an empty log."""
        self._emulator.log.clear()
        return {"cleared": True}

    @action("GET", "/_emulator/requests/events")
    def follow_requests(self, _request: Request) -> Reply:
        """`GET /_emulator/requests/events`: the log as it grows, as server-sent events."""
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        events = self._emulator.log.events()
        return Reply(200, headers=headers, content_type="text/event-stream; charset=utf-8", stream=events)

    @action("GET", "/_emulator/overview", in_thread=True)
    def overview(self, request: Request) -> dict[str, Any]:
        """`GET /_emulator/overview`: how many there are of each kind, and what this month has cost, in dollars.

        A call between two reads may be in one number and not in another.
        """
        store, spent = request.store, month_by_project(request.organization)
        limit = store.get(ORGANIZATION_SPEND_LIMIT.name, "")
        limits = [record for record in store.all(PROJECT_SPEND_LIMIT.name) if record.deleted_at is None]
        return {
            "counts": {kind: existing for kind, (existing, _ever) in store.counts().items()},
            "month": {
                "spent": float(sum(spent.values())),
                "limit": None if limit is None else limit["threshold_amount"] / 100,
                "spent_by_project": {project: float(amount) for project, amount in spent.items()},
                "limit_by_project": {record.parent: record["threshold_amount"] / 100 for record in limits},
            },
        }

    @action("GET", "/_emulator/state", query=StateQuery, in_thread=True)
    def state(self, request: Request) -> dict[str, Any]:
        """`GET /_emulator/state`: what there ever was, or with `live=true` what exists now."""
        query, organization = request.query, request.organization
        unknown = [name for name in query.kind if name not in organization.kinds]
        if unknown:
            raise Refused(400, f"kind: there is no kind {unknown[0]}", code="unusable")
        if query.live:
            return live(organization, query.kind, query.after, query.limit or 1000, query.parent)
        return ever(organization, query.after, query.limit)

    @action("POST", "/_emulator/key", body=body("KeyValue", value=str), takes_no_body=False)
    def key(self, request: Request) -> dict[str, Any]:
        """`POST /_emulator/key`: which key or signing secret has this value, and whether it can be used."""
        store, value = request.store, digest(request.body.value)
        for key in store.find("api_key", "_digest", value, deleted=True):
            shown = {"scopes": key["scopes"], "expires_at": key["expires_at"]}
            owner = {"project_id": key.parent, "service_account_id": key["service_account_id"]}
            return {"key": {"id": key.id, "state": key_state(key, request.now), **shown, **owner}}
        for name, use in (("_secret_digest", "live"), ("_old_secret_digest", "retiring")):
            for endpoint in store.find("webhook_endpoint", name, value):
                return {"key": {"id": endpoint.id, "state": use, "project_id": endpoint.parent}}
        return {"key": None}

    def document(self, _request: Request) -> dict[str, Any]:
        """Describe all operations, in OpenAPI."""
        shown = [operation for operation in self.operations() if operation.path.startswith(self.path)]
        return described([*shown, *self._emulator.api.operations])
