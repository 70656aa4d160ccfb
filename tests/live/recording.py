"""Sends the requests of `steps` to one server, and records the replies without keys, names and addresses."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import requests

from pulumi_openai_admin.http.replies import advised_wait
from tests.live.redaction import Redaction
from tests.live.steps import ACCOUNT_NAME, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_ATTEMPTS = 10
_TIMEOUT = 60
_TOO_MANY = 429
_FIRST_ERROR = 400
_UNKNOWN_WAIT = 20.0
_USUAL_ROW = "rl-gpt-4o-mini"
_LIMIT_FIELDS = ("max_", "batch_")
_RATE_LIMITS = "/organization/projects/{project}/rate_limits"


@dataclass(frozen=True)
class Exchange:
    step: Step
    status: int
    body: Any
    changed: list[str] | None = None
    """The fields that differ from the last reply that showed this object; None where no earlier one did."""
    headers: list[str] = field(default_factory=list)
    """The names of the headers that say something about requests and waits."""

    def redacted(self, redaction: Redaction) -> Exchange:
        return replace(self, step=replace(self.step, key=None), body=redaction.body(self.body))


@dataclass
class Recording:
    """What one server replied."""

    exchanges: list[Exchange] = field(default_factory=list)
    throttled: list[Exchange] = field(default_factory=list)
    """The replies with status 429, which were waited for."""
    left: list[str] = field(default_factory=list)
    """What the run changed and could not put back, one line each."""


class Server:
    """One server that has the Administration API: OpenAI, or an emulator."""

    def __init__(self, base_url: str, key: str, project: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._base_url, self._key, self._sleep = base_url.rstrip("/"), key, sleep
        self._ids = {"project": project}
        self._seen: dict[str, dict[str, Any]] = {}
        self._replies: list[Exchange] = []
        self._throttled: list[Exchange] = []
        self._accounts: set[str] = set()
        self._rows: dict[str, dict[str, Any]] = {}

    def record(self, steps: Iterable[Step]) -> Recording:
        left: list[str] = []
        with requests.Session() as session:
            self._choose_rows(session)
            try:
                for step in steps:
                    self._take(session, step)
            finally:
                left.extend(self._clean_up(session))
        redaction = Redaction(self._ids, [reply.body for reply in (*self._replies, *self._throttled)])
        return Recording(
            [reply.redacted(redaction) for reply in self._replies],
            [reply.redacted(redaction) for reply in self._throttled],
            [redaction.text(line) for line in left],
        )

    def _choose_rows(self, session: requests.Session) -> None:
        """Read the rate limits as they are, and choose the two that are changed."""
        self._rows = self._read_rows(session)
        usual = [row for row in self._rows if not (row.startswith("rl-ft:") or row.endswith("-shared"))]
        shared = [row for row in self._rows if row.endswith("-shared")]
        chosen = {"row": [_USUAL_ROW] if _USUAL_ROW in usual else usual, "shared": shared}
        self._ids.update({name: ids[0] for name, ids in chosen.items() if ids})

    def _read_rows(self, session: requests.Session) -> dict[str, dict[str, Any]]:
        reply = self._send(session, Step("GET", _RATE_LIMITS, query={"limit": 1000}))
        rows = reply.body.get("data", []) if isinstance(reply.body, dict) else []
        return {row["id"]: row for row in rows}

    def _take(self, session: requests.Session, step: Step) -> None:
        """Send one request and remember its reply; without an id that the step needs, there is nothing to send."""
        if any(name not in self._ids for name in re.findall(r"{(\w+)}", step.path + str(step.query))):
            return
        reply = self._send(session, step)
        self._replies.append(reply)
        if reply.status >= _FIRST_ERROR or not isinstance(reply.body, dict):
            return
        if step.method == "POST" and step.path.endswith("/service_accounts") and "id" in reply.body:
            self._accounts.add(reply.body["id"])  # OpenAI may accept an empty name
        for name, place in step.keeps.items():
            found: Any = reply.body
            for part in place.split("."):
                found = found.get(part) if isinstance(found, dict) else None
            if isinstance(found, str):
                self._ids[name] = found

    def _send(self, session: requests.Session, step: Step) -> Exchange:
        reply, wait = self._once(session, step)
        for _ in range(_ATTEMPTS):
            if reply.status != _TOO_MANY:
                break
            self._throttled.append(reply)
            self._sleep(wait)
            reply, wait = self._once(session, step)
        return reply

    def _once(self, session: requests.Session, step: Step) -> tuple[Exchange, float]:
        query = {name: str(value).format(**self._ids) for name, value in step.query.items()}
        response = session.request(
            step.method,
            self._base_url + step.path.format(**self._ids),
            params=query,
            json=step.body,
            headers={"Authorization": f"Bearer {step.key or self._key}"},
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        try:
            body = response.json()
        except requests.JSONDecodeError:
            body = response.text
        names = sorted(name.lower() for name in response.headers)
        told = [name for name in names if name.startswith(("retry-after", "x-ratelimit", "x-request-id", "x-should"))]
        wait = advised_wait(response.headers, response.text) or _UNKNOWN_WAIT
        return Exchange(step, response.status_code, body, self._changes(step, body), told), wait

    def _changes(self, step: Step, body: Any) -> list[str] | None:
        """Compare an object with how it was when it was last shown."""
        data = body.get("data") if isinstance(body, dict) else None
        shown = data if isinstance(data, list) else [body]
        changed = None
        for part in shown:
            if not isinstance(part, dict) or not isinstance(part.get("id"), str):
                continue
            before, self._seen[part["id"]] = self._seen.get(part["id"]), part
            if before is not None and step.method == "POST":
                changed = sorted(name for name in before.keys() & part.keys() if before[name] != part[name])
        return changed

    def _clean_up(self, session: requests.Session) -> list[str]:
        """Delete the accounts that the run created, and put back the limits that it changed; say what is left."""
        left = []
        accounts = "/organization/projects/{project}/service_accounts"
        listed = self._send(session, Step("GET", accounts, query={"limit": 100}))
        shown = listed.body.get("data", []) if isinstance(listed.body, dict) else []
        for account in shown:
            if account.get("id") not in self._accounts and not str(account.get("name")).startswith(ACCOUNT_NAME):
                continue
            reply = self._send(session, Step("DELETE", f"{accounts}/{account['id']}"))
            if reply.status >= _FIRST_ERROR:
                left.append(f"the service account {account['id']}: its deletion was answered with {reply.status}")
        if listed.status >= _FIRST_ERROR:
            left.append(f"service accounts named {ACCOUNT_NAME!r}: the list was answered with {listed.status}")
        now = self._read_rows(session)
        for row_id in (self._ids[name] for name in ("row", "shared") if name in self._ids):
            left.extend(self._put_back(session, row_id, _limits(now.get(row_id, {}))))
        return left

    def _put_back(self, session: requests.Session, row_id: str, now: Mapping[str, int]) -> list[str]:
        """Send the limits of a row that differ from those before the run; OpenAI need not accept the others."""
        before = _limits(self._rows[row_id])
        differing = {name: value for name, value in before.items() if now.get(name) != value}
        if differing:
            reply = self._send(session, Step("POST", f"{_RATE_LIMITS}/{row_id}", body=differing))
            if reply.status < _FIRST_ERROR:
                now = {**now, **differing}
        return [
            f"{name} of {row_id}: it was {before.get(name, 'not set')}, and is {now.get(name, 'not known')}"
            for name in sorted({*before, *now})
            if now.get(name) != before.get(name)
        ]


def _limits(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in row if name.startswith(_LIMIT_FIELDS) and row[name] is not None}
