"""Rate limits: policies over the models of a project, and a row that OpenAI creates.

A row is found in a list and updated by POST, and can't be created or deleted.

The values from before the first change are kept as the baseline, and restored when a field is no longer managed.
Source: GET /organization/projects/{project_id}/rate_limits and POST …/rate_limits/{rate_limit_id}. There is no GET of
one row, no DELETE and no reset.
"""

from __future__ import annotations

import fnmatch
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import creation, documents
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.baseline import BASELINE, Unrestored, Writes, not_applied
from pulumi_openai_admin.handlers.handler import (
    Claim,
    Observation,
    PendingAction,
    Remote,
    Shows,
    Subject,
    ValueComparison,
)
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.schema.paths import describe, fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Traits, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

Limits = dict[str, Any]

BATCH = "batch_1_day_max_input_tokens"
"""The limit of batches, which OpenAI counts apart from requests."""


def is_pattern(key: str) -> bool:
    """Whether a key is a pattern, which may match several models."""
    return "*" in key or "?" in key


def specificity(pattern: str) -> tuple[int, str]:
    """The order of patterns: the greatest one that matches a model applies."""
    return len(pattern), pattern


class Policy(NamedTuple):
    """Limits by model name or pattern, and for all other models.

    An exact name beats a pattern, the longer pattern beats the shorter, and `others` covers what no key matches.
    """

    limits: Mapping[str, Limits]
    others: Limits | None = None

    def limits_of(self, model: str) -> Limits | None:
        """The limits of the policy for a model; None if it has none."""
        return self.limits[model] if model in self.limits else self._limits_without_name(model)

    def key_of(self, model: str) -> str | None:
        """The entry of a model; None if it has none, so `others` apply."""
        return model if model in self.limits else self._pattern_of(model)

    def named(self) -> frozenset[str]:
        """The models that the program names, without those that a pattern or `others` gives the same limits.

        `RateLimitRows.expand` adds such entries, which the program does not have.
        """
        names = (key for key in self.limits if not is_pattern(key))
        return frozenset(name for name in names if self.limits[name] != self._limits_without_name(name))

    def _limits_without_name(self, model: str) -> Limits | None:
        pattern = self._pattern_of(model)
        return self.others if pattern is None else self.limits[pattern]

    def _pattern_of(self, model: str) -> str | None:
        patterns = [key for key in self.limits if is_pattern(key) and fnmatch.fnmatchcase(model, key)]
        return max(patterns, key=specificity, default=None)


@dataclass(repr=False)
class PolicyClaim(Claim):
    """The rate limits that one resource manages in one project."""

    what: str = "the whole project"
    is_whole: bool = False
    """Whether it manages all rate limits of the project that its policy covers: then there can be only one."""
    policy: Policy = field(default_factory=lambda: Policy({}))
    id: str = ""
    """The id of the only row that it manages, if it is known. The model, in `policy`, may be unknown."""

    @property
    def names(self) -> list[str]:
        """The names by which it may overlap with another claim that is not whole."""
        return [] if self.is_whole else [*self.policy.limits, *([self.id] if self.id else [])]

    def overlap(self, other: Claim) -> str | None:
        """What both manage, in words; None if nothing."""
        if self.place != other.place:
            return None
        if not isinstance(other, PolicyClaim) or (self.is_whole and other.is_whole):
            return self.what
        narrow, wide = (other, self) if self.is_whole else (self, other)
        shared = next((name for name in narrow.policy.limits if wide.policy.limits_of(name) is not None), None)
        covers_all = wide.is_whole and wide.policy.others is not None
        is_same = bool(narrow.id) and (narrow.id == wide.id or covers_all)
        return narrow.id if shared is None and is_same else shared

    def covers(self, part: Claim) -> bool:
        """Return whether it limits a row as the part does, which has one row."""
        if self.overlap(part) is None or not isinstance(part, PolicyClaim):
            return False
        limits = self.policy.limits_of(next(iter(part.policy.limits), "")) if self.is_whole else self.properties
        return limits is not None and part.properties <= {*limits}


def limits_requests(wanted: Limits, accepted: Limits, shown: Mapping[str, Any]) -> bool:
    """Whether the limits of a policy that OpenAI accepts for a model limit its requests as the policy means it."""
    of_requests = {name: value for name, value in wanted.items() if name != BATCH}
    if not of_requests:
        return not wanted or BATCH in accepted or shown.get(BATCH) is None
    in_effect = [value for name, value in of_requests.items() if name in accepted]
    return 0 in in_effect if 0 in of_requests.values() else bool(in_effect)


_ROWS_A_PAGE = 1000
_RAISED = "OpenAI rejects a limit above the organization's maximum, which no list shows"
CEILING_ADVICE = "The update fails unless OpenAI has raised the maximum."


@dataclass(eq=False, repr=False)
class Ceilings(MemoryPart):
    """By field, the most that OpenAI named when it refused a higher value. Of a project by model and field."""

    ceilings: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class RateLimitRow(Setting):
    """The handler of one row: a setting that is found in a list, by its model or its id.

    Args:
        path: The path of the list; a row is updated at `{path}/{id}`.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(("rate_limit.updated",), ("rate_limit.deleted",))
    traits: ClassVar[Traits] = replace(Setting.traits, subject=Subject.RATE_LIMITS, shows=Shows.LIST)

    @override
    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        remote.id = str(self.existing(client, remote, wanted)["id"])
        self.update(client, remote, wanted)

    @override
    def read(self, client: Client, remote: Remote) -> None:
        super().read(client, remote)
        missing = PendingAction(f"OpenAI's list lacks {self.name(remote)}", "set it again", renews=False)
        remote.pending_actions = [] if self.is_listed(client, remote) else [missing]

    @override
    def ids(self, client: Client, remote: Remote) -> list[str]:
        return list(self.rows(client, remote))

    @override
    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        return {name: value for name, value in self.live(client, remote).items() if name != "id"}

    @override
    def apply(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        try:
            unrestored = super().apply(client, remote, live, settings)
            if settings and not self.is_listed(client, remote):  # only the answer to a change says that it is there
                self._post(client, remote, settings, "set")
        except errors.AdminError as error:
            self._learn_ceiling(remote, error)
            raise
        ceilings = remote.memory[Ceilings].ceilings
        accepted = {name: most for name, most in ceilings.items() if (settings.get(name) or 0) <= most}
        remote.memory.put(Ceilings(accepted))
        return unrestored

    @override
    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        remote.id = str(self.existing(client, remote, wanted)["id"])
        found = super().observe(client, remote, wanted)
        originals, ceilings = remote.attributes.get(BASELINE, {}), remote.memory[Ceilings].ceilings
        return found._replace(others=raised(found.values, originals, ceilings))

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Limits above what OpenAI named as the most when it refused a limit before."""
        above = above_ceilings(remote.memory[Ceilings].ceilings, wanted.settings)
        return f"{capitalized(self.name(remote))}: {'; '.join(above)}. {CEILING_ADVICE}" if above else ""

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """One row, by its model and its id if both are known. The program sets one of them."""
        ((key, value),) = wanted.selection.items() or (("", None),)
        if not isinstance(value, str):
            return []
        known = {key: value, **(document if document.get(key) == value else {})}
        return [self._claim_of(parents, known.get("model"), known.get("id") or "", wanted.settings)]

    @override
    def _claim(self, remote: Remote, properties: Iterable[str]) -> Claim:
        claim = self._claim_of(remote.parents, remote.get("model"), remote.id, properties)
        return replace(claim, what=capitalized(self.name(remote)))

    def record_restored(self, remote: Remote) -> None:
        """Record that this run has restored the row: a resource that declares it, and is compared later, sets it."""
        remote.step.record_removed(self._claim(remote, ()))

    def _claim_of(self, parents: Mapping[str, Any], model: str | None, id_: str, properties: Iterable[str]) -> Claim:
        policy = Policy({model: {}} if model else {})
        return PolicyClaim(self.path.format(**parents), policy=policy, id=id_, properties=frozenset(properties))

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The row that the program selects."""
        ((key, value),) = wanted.selection.items()
        rows = self.rows(client, remote)
        for row in rows.values():
            if row.get(key) == value:
                return row
        word = "model" if key == "model" else f"{self.noun} id"
        raise errors.NoMatchError(
            f"{capitalized(describe(remote.parents))} has no {self.noun} for the {word} {value!r}",
            suggestion(str(value), (str(row.get(key)) for row in rows.values()), "Limits"),
        )

    def listing(self, client: Client, remote: Remote) -> Listing:
        """All rate limits of the project."""
        path = fill(self.path, **remote.parents)
        return client.listing(path, f"list the {self.noun}s of {describe(remote.parents)}", {"limit": _ROWS_A_PAGE})

    def rows(self, client: Client, remote: Remote) -> Mapping[str, dict[str, Any]]:
        """All rate limits of the project by id."""
        with client.inside(remote.parents):
            listing = self.listing(client, remote)
            if any(map(client.is_owned, remote.parents.values())):  # created in this run: its rows may lag behind
                listing.settle(client.pause, creation.POLL_DELAYS)
            return listing.rows()

    @override
    def live(self, client: Client, remote: Remote) -> dict[str, Any]:
        """Return the row; as the state has it if the list lacks it: the list may be incomplete."""
        row = self.rows(client, remote).get(remote.id)
        if row is None:
            client.pause(creation.POLL_DELAYS[1], f"look for {self.name(remote)} again")
            self.listing(client, remote).forget()
            row = self.rows(client, remote).get(remote.id)
        if row is None and not remote.memory[Writes].names:
            raise errors.ResourceGoneError.absent(self.name(remote), ".")
        return dict(remote.attributes) if row is None else documents.renamed(row, self.wire_names)

    def is_listed(self, client: Client, remote: Remote) -> bool:
        """Return whether the list has the row, or a response has shown it since."""
        return self.listing(client, remote).find(remote.id) is not None

    @override
    def learn(self, remote: Remote, live: Mapping[str, Any]) -> None:
        super().learn(remote, live)  # fields that OpenAI omits are no longer known
        remote.id = str(live["id"])

    @override
    def refused(self, remote: Remote, refusal: errors.AdminError, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        ceiling = self._learn_ceiling(remote, refusal)
        if not isinstance(refusal, errors.StatusError):
            return {}
        is_about_all = len(wanted) == 1 or refusal.facts.code in replies.NOT_FOR_MODEL
        named = self.field_in(refusal)
        return {
            field: ceiling if ceiling and (remote.attributes.get(field) or 0) < ceiling < value else None
            for field, value in wanted.items()
            if is_about_all or field == named
        }

    @override
    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """See `Setting.write`; the values are sent again if the response differs from the expected values.

        It is not documented whether OpenAI keeps fields that the body omits. So all managed fields are compared,
        and the second request sends all of them.
        """
        written = remote.memory[Writes].written.items()
        expected = {**{name: value for name, value in written if remote.get(name) == value}, **properties}
        for sent in (properties, expected):
            body = documents.nested(sent, self.sent_as)
            reply = self._send(client, remote, Call(self.changes_with, self.path_of(remote), action, body=body))
            shown = {"id": remote.id, "model": remote.attributes.get("model"), **reply}
            self.listing(client, remote).learn(shown)
            row = documents.renamed(shown, self.wire_names)
            self.learn(remote, row)
            wrong = {field: value for field, value in expected.items() if row.get(field) != value}
            if not wrong:
                return row
        differences = {field: (str(row.get(field)), str(value)) for field, value in wrong.items()}
        raise not_applied(f"{self.name(remote)} twice", differences)

    def _send(self, client: Client, remote: Remote, call: Call) -> dict[str, Any]:
        try:
            return client.send(call)
        except errors.AdminError as error:
            if error.may_have_acted:
                self.listing(client, remote).forget()
            if isinstance(error, errors.NotFoundError | errors.BadRequestError | errors.PermissionDeniedError):
                client.raise_if_parent_is_gone(remote.parents, error)
            raise

    @override
    def path_of(self, remote: Remote) -> str:
        return fill(self.path + "/{id}", **remote.parents, id=remote.id)

    @override
    def name(self, remote: Remote) -> str:
        return f"{self.noun} {remote.id} of {describe(remote.parents)}"

    def field_in(self, refusal: errors.StatusError) -> str | None:
        """Return the limit that a refusal names, by the program's name."""
        named = replies.field_in(refusal.facts.message)
        return next((name for name, wire in self.wire_names.items() if wire == named), named)

    def _learn_ceiling(self, remote: Remote, refusal: errors.AdminError) -> int | None:
        """Remember the most that OpenAI accepts for a limit, if a refusal names both. Return the most."""
        if not isinstance(refusal, errors.StatusError):
            return None
        ceiling, field = replies.ceiling_in(refusal.facts.message), self.field_in(refusal)
        if ceiling is not None and field:
            remote.memory[Ceilings].ceilings[field] = ceiling
            remote.step.has_learned = True
        return ceiling


def raised(values: Iterable[ValueComparison], originals: Mapping[str, Any], ceilings: Container[str]) -> str:
    """Which limits are above all that OpenAI has shown; empty if none is. No list shows the organization's limit.

    Args:
        values: The limits. A limit of 0 blocks a model. It does not show the organization's limit.
        originals: By label, the limits before the first change.
        ceilings: The labels of limits whose maximum is known: `change_note` warns of those.
    """
    above = [
        value.label
        for value in values
        if value.now and isinstance(value.wanted, int) and value.label not in ceilings
        if value.wanted > max(value.now, originals.get(value.label) or 0)
    ]
    limits = bounded(", ", above)
    return f"Higher than every limit that OpenAI has returned: {limits}. {_RAISED}" if above else ""


def above_ceilings(ceilings: Mapping[str, int], settings: Mapping[str, Any], place: str = "") -> list[str]:
    """The limits that are above the most that OpenAI named, in words."""
    return [
        f"{place} {field} is {settings[field]}, above the organization's last known maximum of {most}".strip()
        for field, most in ceilings.items()
        if isinstance(settings.get(field), int) and settings[field] > most
    ]
