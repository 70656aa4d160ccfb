"""The command `check`: the key, the base URL, the network, the key's scopes, the clock."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rich.table import Table

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.cli import connection, terminal, words
from pulumi_openai_admin.cli.options import READ, WRITE, AsJson, MaxWait, declare
from pulumi_openai_admin.config import DEFAULT_BASE_URL
from pulumi_openai_admin.data_sources.audit_log import AuditLog
from pulumi_openai_admin.handlers.kinds import spending
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.replies import scopes_in
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.config import Settings

_TOLERATED_CLOCK_SECONDS = 30
_LISTS: dict[str, tuple[str, dict[str, int]]] = {
    "costs": (spending.PATH, {"start_time": spending.month_of(time.time())}),
    "audit log": (AuditLog.handler.path, {}),
}
"""What not every key that may read may read: path and query."""
_CHECKS = ("network", "admin key", "read", "write", *_LISTS, "clock")
"""The checks that send requests, in order."""
_NOBODY = "pulumi-openai-admin-check"
"""An id that no project and no rate limit has."""


class State(StrEnum):
    """The result of a check."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    """Not checked, because a check before it failed."""


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    state: State
    message: str
    advice: str = ""


@declare(page="command-line.md#check", scopes=[READ, WRITE])
def check(*, as_json: AsJson = False, max_wait: MaxWait = 60) -> int:
    """Check the admin key, its scopes, the network and the clock. **Run this first.**

    It changes nothing. `spend` needs the costs, `audit` the audit log. To test whether the key can write, it sends an
    update of a rate limit that does not exist. The exit code is 0 if all checks pass, otherwise 1.

    Examples:
    ```console
    pulumi-openai-admin check
    pulumi-openai-admin check --json | jq .ok
    ```
    """
    with terminal.waiting("Checking"):
        found = {finding.check: finding for finding in findings_of(max_wait)}
    found |= {name: Finding(name, State.UNKNOWN, "not checked") for name in _CHECKS if name not in found}
    findings = [found[name] for name in (*_VARIABLES, *_CHECKS) if name in found]
    is_well = all(finding.state is State.GOOD for finding in findings)
    if as_json:
        terminal.show_json({"ok": is_well, "checks": [asdict(finding) for finding in findings]})
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        for finding in findings:
            mark, plain, style = _MARKS[finding.state]
            text = f"{finding.message}. {finding.advice}" if finding.advice else finding.message
            table.add_row(mark if terminal.can_show(mark) else plain, finding.check, terminal.cell(text), style=style)
        terminal.show(table)
        terminal.say("All checks passed." if is_well else "Some checks failed; see the advice above.")
    return terminal.DONE if is_well else terminal.FAILED


_VARIABLES = {"key": connection.KEY, "address": connection.ADDRESS, "organization": connection.ORGANIZATION_ID}


def findings_of(max_wait: float) -> Iterator[Finding]:
    """Run the checks, each only if those before it passed. A later finding takes the place of an earlier one."""
    are_valid = True
    for name, variable in _VARIABLES.items():  # each alone, whatever the values of the others are
        try:
            config.resolve({connection.KEY: "any", variable: os.environ.get(variable, "")}, dict[str, object]().get)
        except errors.ConfigurationError as error:
            are_valid = False
            yield Finding(name, State.BAD, words.event_of(error), words.advice_of(error))
        else:
            if name != "organization":
                yield Finding(name, State.GOOD, "is valid")
    if are_valid:
        settings = connection.settings(max_wait)
        yield Finding("key", State.GOOD, f"found in {settings.key_source}")
        yield Finding("address", State.GOOD, settings.base_url)
        if settings.organization:
            yield Finding("organization", State.GOOD, settings.organization)
        yield from _Probe(settings).findings()


_NOT_OPENAI = (errors.TransportError, errors.ConfigurationError, errors.UnexpectedResponseError, errors.RedirectError)
"""No response, or a response of another server. A certificate that is not trusted is a `ConfigurationError`."""


class _Probe:
    """Sends a request for each permission: lists of one object, and an update of a rate limit that does not exist.

    OpenAI has no endpoint for the scopes of a key, so they are derived from the responses.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._requestor = Requestor(settings)

    def findings(self) -> Iterator[Finding]:
        call = Call("GET", Project.handler.path, "list the projects of the organization", {"limit": 1})
        shown, refusal = self._sent(call)
        rows = shown.get("data") or [{}]
        if isinstance(refusal, _NOT_OPENAI):
            yield Finding("network", State.BAD, words.event_of(refusal), words.advice_of(refusal))
            return
        yield Finding("network", State.GOOD, "OpenAI responds")
        if isinstance(refusal, errors.AuthenticationError):
            advice = words.advice_of(refusal)
            if self._settings.base_url != DEFAULT_BASE_URL:  # another server may refuse OpenAI's keys with this status
                url = f"{self._settings.base_url}, from {connection.ADDRESS}"
                advice = f"{advice} Or the base URL is wrong: it is {url}."
            yield Finding("admin key", State.BAD, words.event_of(refusal), advice)
        elif refusal is None or isinstance(refusal, errors.PermissionDeniedError):
            yield Finding("admin key", State.GOOD, "OpenAI accepts the key as an admin key")
            yield _may("read", refusal)
            yield _may("write", self._write(str(rows[0].get("id") or _NOBODY)))
            for check, (path, query) in _LISTS.items():
                _, refused = self._sent(Call("GET", path, f"read the {check}", {"limit": 1, **query}))
                yield _may(check, refused, f"read the {check}")
        else:
            yield Finding("admin key", State.UNKNOWN, words.event_of(refusal), words.advice_of(refusal))
        at_openai = self._requestor.clock.now()
        if at_openai is not None:
            yield _of_clock(time.time() - at_openai)

    def _sent(self, call: Call) -> tuple[dict[str, Any], errors.AdminError | None]:
        """The response, or the error."""
        try:
            return self._requestor.send(call), None
        except errors.AdminError as error:
            return {}, error

    def _write(self, project_id: str) -> errors.AdminError | None:
        """Update a rate limit that does not exist; the error if the key cannot write."""
        path = fill(f"{ProjectRateLimit.handler.path}/{{id}}", project_id=project_id, id=_NOBODY)
        _, refusal = self._sent(Call("POST", path, "check whether the key can write", body={}))
        return None if isinstance(refusal, errors.NotFoundError | errors.BadRequestError) else refusal


def _of_clock(ahead: float) -> Finding:
    if abs(ahead) <= _TOLERATED_CLOCK_SECONDS:
        return Finding("clock", State.GOOD, "the clock of your machine agrees with OpenAI's clock")
    message = f"the clock of your machine is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} OpenAI's"
    advice = "Set it, for example with NTP: certificates and the expiry of keys depend on it."
    return Finding("clock", State.BAD, message, advice)


def _may(check: str, refusal: errors.AdminError | None, what: str = "") -> Finding:
    if refusal is None:
        return Finding(check, State.GOOD, f"the key can {what or check}")
    if not isinstance(refusal, errors.PermissionDeniedError):
        return Finding(check, State.UNKNOWN, words.event_of(refusal), words.advice_of(refusal))
    reason = refusal.facts.message.rstrip(".")
    if missing := scopes_in(reason):
        reason = f"it lacks the {'scope' if len(missing) == 1 else 'scopes'} {', '.join(missing)}"
    said = f": {reason}" if reason else ""
    message = f"the key cannot {what or check}{said} ({refusal.facts})"
    return Finding(check, State.BAD, message, words.advice_of(refusal))


_MARKS = {State.GOOD: ("✓", "+", "green"), State.BAD: ("✗", "x", "red"), State.UNKNOWN: ("?", "?", "yellow")}
"""Each with its replacement for encodings that do not have it, and its color."""
