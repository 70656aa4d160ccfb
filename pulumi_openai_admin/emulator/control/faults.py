"""Faults as data: what goes wrong with which calls, set over `/_emulator/faults` or in the seed.

A fault says which calls it is for (method, path, the next `times` of them, after the first `skip`, or with a
probability) and what happens to them. The first fault that matches a call is the only one that hits it. `when` says
whether it happens `before` anything is done or `after` the call has acted.

Each class below `Fault` and `_AtMoment` is one that can be set. Its docstring and its fields are its line in
the documentation.
"""

from __future__ import annotations

import fnmatch
import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union, get_args
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, TypeAdapter, field_validator

from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.errors import Advice, Ending, Refused, Reply, Reset, Shape, slow_down
from pulumi_openai_admin.emulator.store.store import Lag

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

When = Literal["before", "after"]

_FOREVER = 86_400.0


@dataclass
class FaultTarget:
    """The call that a fault hits."""

    method: str
    path: str
    query: str
    gone: Callable[[float], Awaitable[bool]]
    """Waits for at most so many seconds until the client has closed the connection; whether it has."""
    sleep: Callable[[float], Awaitable[None]]
    """Waits, whether or not the client still does."""
    lag: Lag | None = None
    """How far the list is behind that the call reads."""


class Fault(BaseModel):
    """Which calls, and how often."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    suggested: ClassVar[Mapping[str, Any]] = {}
    """The settings that the page of the emulator suggests; with them, the fault can be set."""
    reported: ClassVar[frozenset[str]] = frozenset()
    """The fields that are not set, but say what has happened."""

    kind: str
    id: str = ""
    method: str = "*"
    path: str = "*"
    """Glob on the path below the base path; `*` matches slashes too."""
    path_regex: str | None = None
    """Instead of the glob: a regular expression that the whole path matches."""
    times: int | None = Field(default=1, ge=0)
    """How many calls it still hits; null for all."""
    skip: int = Field(default=0, ge=0)
    """How many matching calls it still lets pass first."""
    probability: float = Field(default=1, ge=0, le=1)
    random_seed: int = 0
    hits: int = 0

    _random: random.Random = PrivateAttr()

    @field_validator("path_regex")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    def model_post_init(self, _context: object) -> None:
        """Seed the generator: the same seed gives the same numbers."""
        self._random = random.Random(self.random_seed)

    def hit(self, method: str, path: str) -> bool:
        """Return whether this call is hit, and count it."""
        if self.times == 0 or not self._matches(method, path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        self.hits += 1
        return True

    def _matches(self, method: str, path: str) -> bool:
        if self.method not in ("*", method):
            return False
        if self.path_regex is not None:
            return re.fullmatch(self.path_regex, path) is not None
        return fnmatch.fnmatchcase(path, self.path)

    async def before(self, target: FaultTarget) -> Ending | None:
        """Do what happens before the call acts; an ending keeps it from acting."""
        return None

    async def after(self, target: FaultTarget, reply: Reply) -> Ending:
        """Do what happens after the call has acted."""
        return self.changed(reply)

    def changed(self, reply: Reply) -> Reply:
        """Give the response that is sent."""
        return reply


class _AtMoment(Fault):
    """Something happens before the call acts, or after it has."""

    when: When = "before"

    async def happen(self, target: FaultTarget) -> Ending | None:
        """Do it; an ending is sent instead of the response."""
        raise NotImplementedError

    async def before(self, target: FaultTarget) -> Ending | None:
        return await self.happen(target) if self.when == "before" else None

    async def after(self, target: FaultTarget, reply: Reply) -> Ending:
        return (await self.happen(target) or reply) if self.when == "after" else reply


class StatusFault(_AtMoment):
    """Another response: a status with an error in one of the shapes, or with a custom body."""

    suggested = {"status": 503}
    kind: Literal["status"]
    status: int = Field(default=500, ge=200, le=599)
    shape: Shape = "usual"
    message: str = "The server had an error while processing your request. Sorry about that!"
    type: str = "server_error"
    code: str | None = None
    body: Any = None
    """Instead of a shape: a string is sent as it is, anything else as JSON."""
    headers: dict[str, str] = Field(default_factory=dict)

    async def happen(self, target: FaultTarget) -> Ending:
        if self.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            return Reply(self.status, headers=self.headers)
        reply = Refused(self.status, self.message, code=self.code, kind=self.type, shape=self.shape).reply()
        if isinstance(self.body, str):
            reply = Reply(self.status, self.body.encode(), content_type="text/plain; charset=utf-8")
        elif self.body is not None:
            reply = Reply.of_json(self.status, self.body)
        return replace(reply, headers=self.headers)


class UnrelatedNotFoundFault(_AtMoment):
    """A 404 that is not about the object: OpenAI does not serve the endpoint, or a proxy sends a page."""

    suggested = {"how": "unsupported_endpoint"}
    kind: Literal["unrelated_404"]
    how: Literal["unsupported_endpoint", "invalid_url", "html"] = "unsupported_endpoint"
    """OpenAI does not serve the endpoint, or not under this path (both without a code), or a proxy sends a page."""

    async def happen(self, target: FaultTarget) -> Ending:
        if self.how == "html":
            return Refused(404, "404 Not Found", shape="html").reply()
        url = f"Invalid URL ({target.method} {BASE_PATH}{target.path})"
        return Refused(404, url if self.how == "invalid_url" else "Unsupported endpoint").reply()


class ThrottleFault(_AtMoment):
    """A 429, with the wait in a header, in the text, or nowhere."""

    suggested = {"seconds": 1, "advice": "text"}
    kind: Literal["throttle"]
    seconds: float = Field(default=1, ge=0)
    advice: Advice = "text"
    code: str = "rate_limit_exceeded"
    headers: dict[str, str] = Field(default_factory=dict)

    async def happen(self, target: FaultTarget) -> Ending:
        reply = slow_down(self.seconds, self.advice, self.code)
        return replace(reply, headers={**reply.headers, **self.headers})


class RedirectFault(_AtMoment):
    """A redirect to another address."""

    suggested = {"location": "http://127.0.0.1/elsewhere"}
    kind: Literal["redirect"]
    status: Literal[301, 302, 303, 307, 308] = 307
    location: str

    async def happen(self, target: FaultTarget) -> Ending:
        return Reply(self.status, headers={"location": self.location})


class ResetFault(_AtMoment):
    """A TCP reset; with `after` the change is made, and the client gets no response."""

    suggested = {"when": "after"}
    kind: Literal["reset"]

    async def happen(self, target: FaultTarget) -> Ending:
        return Reset()


class DelayFault(_AtMoment):
    """A pause, then the usual response, whether or not the client still waits."""

    suggested = {"seconds": 5}
    kind: Literal["delay"]
    seconds: float = Field(default=1, ge=0)

    async def happen(self, target: FaultTarget) -> Ending | None:
        await target.sleep(self.seconds)
        return None


class HangFault(_AtMoment):
    """No response until the client closes the connection; with `before` nothing is changed."""

    suggested = {"when": "before"}
    kind: Literal["hang"]
    seconds: float = Field(default=_FOREVER, ge=0)

    async def happen(self, target: FaultTarget) -> Ending | None:
        return Reset() if await target.gone(self.seconds) else None


class TruncateFault(Fault):
    """The call acts; part of the body is sent under its full Content-Length, and the connection closes."""

    suggested = {"fraction": 0.5}
    kind: Literal["truncate"]
    fraction: float = Field(default=0.5, ge=0, lt=1)

    def changed(self, reply: Reply) -> Reply:
        return replace(reply, sent_bytes=int(len(reply.body) * self.fraction))


class NotJsonFault(Fault):
    """The call acts; the response is a success with text in it."""

    kind: Literal["not_json"]
    text: str = "OK, done."
    content_type: str = "application/json"

    def changed(self, reply: Reply) -> Reply:
        return replace(reply, body=self.text.encode(), content_type=self.content_type)


class EmptyBodyFault(Fault):
    """The call acts; the response has no body."""

    kind: Literal["empty_body"]

    def changed(self, reply: Reply) -> Reply:
        return replace(reply, body=b"")


class WithoutIdFault(Fault):
    """The call acts; the response is a success without an id."""

    kind: Literal["without_id"]

    def changed(self, reply: Reply) -> Reply:
        return reply.edited(lambda content: content.pop("id", None))


class NullApiKeyFault(Fault):
    """The call creates an account with a key; the response has `api_key: null`."""

    kind: Literal["null_api_key"]

    def changed(self, reply: Reply) -> Reply:
        return reply.edited(lambda content: content.update(api_key=None))


class LateFault(Fault):
    """No response until the client closes the connection; the call acts some seconds after that."""

    suggested = {"seconds": 5}
    kind: Literal["late"]
    seconds: float = Field(default=5, ge=0)
    """How long after the client has closed the connection."""

    async def before(self, target: FaultTarget) -> Ending | None:
        if await target.gone(_FOREVER):
            await target.sleep(self.seconds)
        return None


class LaggingListFault(Fault):
    """A list that lags behind: without its new rows, as it was, or empty. Other responses are unchanged."""

    suggested = {"how": "without_new", "seconds": 10}
    kind: Literal["lagging_list"]
    how: Literal["without_new", "as_before", "empty"] = "without_new"
    """Without rows that are younger than `seconds`, as it was `seconds` ago, or without rows."""
    seconds: float = Field(default=10, ge=0, le=600)

    async def before(self, target: FaultTarget) -> Ending | None:
        if self.how != "empty":
            target.lag = Lag(self.seconds, only_new=self.how == "without_new")
        return None

    def changed(self, reply: Reply) -> Reply:
        def omit_rows(page: dict[str, Any]) -> None:
            if page.get("object") == "list":
                none = dict.fromkeys(name for name in ("first_id", "last_id", "next") if name in page)
                page.update(data=[], has_more=False, **none)

        return reply.edited(omit_rows) if self.how == "empty" else reply


class PagingFault(Fault):
    """A list whose cursor is missing or repeated, or whose `has_more` is always true. Other responses are unchanged."""

    suggested = {"how": "endless"}
    kind: Literal["paging"]
    how: Literal["no_cursor", "repeated_cursor", "endless", "no_has_more"]

    _serial: Iterator[int] = PrivateAttr(default_factory=lambda: itertools.count(1))

    async def before(self, target: FaultTarget) -> Ending | None:
        """Take our own made-up cursor out of the query: the list starts again."""
        query = [(name, value) for name, value in parse_qsl(target.query) if not value.startswith("endless_")]
        target.query = urlencode(query)
        return None

    async def after(self, target: FaultTarget, reply: Reply) -> Ending:
        query = dict(parse_qsl(target.query))

        def falsify(page: dict[str, Any]) -> None:
            if page.get("object") not in ("list", "page"):
                return
            page["has_more"] = True
            if self.how == "no_has_more":
                del page["has_more"]
                return
            # the cursor of a family is beside the items, or the id of the last one
            name = next((name for name in ("last_id", "next", "next_page") if name in page), "id")
            place = page if name != "id" else page["data"][-1] if page["data"] else {}
            last_item = page["data"][-1].get("id") if page["data"] else None
            repeated = query.get("after") or query.get("page") or place.get(name) or last_item
            made_up = f"endless_{next(self._serial)}" if self.how == "endless" else None
            place[name] = repeated if self.how == "repeated_cursor" else made_up

        return reply.edited(falsify)


class InterleavedRequest(BaseModel):
    """A request of another client of the same organization."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    path: str
    """Below the base path, such as `/organization/projects/proj_demo/service_accounts`; a query may follow."""
    body: Any = None
    email: str | None = None
    """Who sends it: the address of a user, whose key the audit log names. Without one, the key has no owner."""
    project_id: str = ""
    """The project of the key, at paths that take a project's API key."""


class InterleaveFault(Fault):
    """Another client makes these requests before or after the call; other faults still apply to the call itself."""

    suggested = {"requests": [{"method": "POST", "path": "/organization/groups", "body": {"name": "Theirs"}}]}
    reported = frozenset({"replies"})
    kind: Literal["interleave"]
    requests: list[InterleavedRequest] = Field(min_length=1)
    when: When = "before"
    replies: list[dict[str, Any]] = Field(default_factory=list)
    """The responses that the other client got so far: `status` and `body`, keys masked."""


_CLASSES = [fault for fault in (*_AtMoment.__subclasses__(), *Fault.__subclasses__()) if fault is not _AtMoment]
KINDS: dict[str, type[Fault]] = {get_args(fault.model_fields["kind"].annotation)[0]: fault for fault in _CLASSES}
"""The class of each kind of fault."""
_ANY: Any = Annotated[Union[tuple(_CLASSES)], Field(discriminator="kind")]  # noqa: UP007 - made at run time
_FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[_ANY], config=ConfigDict(defer_build=True))


class Faults:
    """The faults that are set, in the order they were."""

    def __init__(self) -> None:
        self._set: list[Fault] = []
        self._serial = itertools.count(1)

    def add(self, wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Set faults, all or none of them, and give them back with their ids."""
        if not wanted:
            return []  # no fault at a start: the schemas are not built
        faults = _FAULTS.validate_python(wanted)
        for fault in faults:
            fault.id = fault.id or f"fault-{next(self._serial)}"
        self._set.extend(faults)
        return [fault.model_dump() for fault in faults]

    def shown(self) -> list[dict[str, Any]]:
        """Give what is set, with what is left of each and how often it hit."""
        return [fault.model_dump() for fault in self._set]

    def remove(self, fault_id: str | None = None) -> None:
        self._set = [] if fault_id is None else [fault for fault in self._set if fault.id != fault_id]

    def pick(self, method: str, path: str) -> Fault | None:
        """Find the fault that hits this call."""
        faults = (fault for fault in self._set if not isinstance(fault, InterleaveFault))
        return next((fault for fault in faults if fault.hit(method, path)), None)

    def interleaved(self, method: str, path: str) -> list[InterleaveFault]:
        """Find every set of requests that other clients make around this call."""
        faults = [fault for fault in self._set if isinstance(fault, InterleaveFault)]
        return [fault for fault in faults if fault.hit(method, path)]
