"""All rate limits of a project with one policy. Requests are sent in parallel."""

from __future__ import annotations

import copy
import fnmatch
import itertools
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline, documents
from pulumi_openai_admin.handlers.baseline import BASELINE, ObjectRecords, Unrestored, Writes
from pulumi_openai_admin.handlers.batch import Batch
from pulumi_openai_admin.handlers.handler import Handler, Observation, Remote, Subject, Traits, ValueComparison, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.memory import Memory, MemoryPart
from pulumi_openai_admin.handlers.removals import RESTORED, Removal, combined
from pulumi_openai_admin.handlers.shapes import rate_limit
from pulumi_openai_admin.handlers.shapes.rate_limit import Ceilings, Policy, PolicyClaim, RateLimitRow, is_pattern
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import bounded, capitalized, counted
from pulumi_openai_admin.schema.paths import fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_NOT_LIMITED = "not_limited"
"""The attribute with the models that the policy covers and does not limit."""
_PERMISSIONS = "/organization/projects/{project_id}/model_permissions"


class _Warned(threading.Semaphore):
    """Whether a run has warned of models that are not limited: whoever gets the semaphore warns, and keeps it."""


class SkippedLimits(TypedDict):
    """The limits of a model that were wanted when OpenAI refused, and the fields that were omitted."""

    wanted: dict[str, Any]
    left_out: list[str]


@dataclass(eq=False, repr=False)
class PolicyOutcome(MemoryPart):
    """What became of a policy."""

    skipped: dict[str, SkippedLimits] = field(default_factory=dict)
    """By model, what OpenAI refuses."""


@dataclass(eq=False, repr=False)
class RowId(MemoryPart):
    """The id of a row, if it is not the usual one of its model."""

    row: str = ""


@dataclass(eq=False, repr=False)
class _Work:
    """One update of the rate limits of a project."""

    client: Client
    remote: Remote
    live: dict[str, dict[str, Any]]
    """The rows by model: those that are listed, and the others that the resource manages, as the state has them."""
    batch: Batch
    named: frozenset[str] = frozenset()
    """The models that the program names: a refusal for one of them is an error."""
    unrestored: dict[str, list[Unrestored]] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class RateLimitRows(Handler):
    """The handler of all rate limits of a project."""

    traits: ClassVar[Traits] = Traits(
        subject=Subject.RATE_LIMITS, manages_existing=True, ends_with_project=True, remembers_settings=True
    )

    row: RateLimitRow
    fields: tuple[str, ...]

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage the rows that the policy covers, and set the limits that differ."""
        remote.id = str(remote.parents["project_id"])
        remote.attributes = {"rows": {}, "baseline": {}, "skipped": {}, _NOT_LIMITED: {}}
        self.update(client, remote, wanted)

    adopt = create
    """Rows that already have the wanted limits are managed: nothing is written."""

    @property
    def audit_events(self) -> AuditEvents:
        """The events about each row."""
        return self.row.audit_events

    @property
    @override
    def path_of_each(self) -> str:
        return self.row.path

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All rows together."""
        return [""] if self.row.ids(client, remote) else []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """All limits of all rows."""
        limits = {model: self._shown(row) for model, row in sorted(self._live(client, remote).items())}
        return {"limits": {model: values for model, values in limits.items() if values}}

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Set the limits that differ, and restore rows and fields that the policy no longer covers."""
        policy = Policy(wanted.settings["limits"], wanted.settings.get("others"))
        for name in ("baseline", "skipped"):
            remote.attributes.setdefault(name, {})
        live = self._live(client, remote)
        self._check_names(remote, policy, live)
        work = _Work(client, remote, {**self._stored(remote), **live}, Batch(client), policy.named())
        targets = {model: policy.limits_of(model) for model in work.live}
        unmanaged = dict.fromkeys(model for model in self._records(remote) if targets[model] is None)
        covered = {model: limits for model, limits in targets.items() if limits is not None}
        for model, limits in covered.items():
            path = self.row.path_of(self._part(remote, model, work.live[model]))
            for name in self._accepted(remote, model, limits):
                remote.acquire(client, f"{path} {name}")
        self._apply_to_rows(work, unmanaged)
        self._apply_to_rows(work, covered)
        remote.attributes.update(limits=dict(policy.limits), others=policy.others)
        live = {model: work.live[model] for model in live}
        remote.attributes["rows"] = {
            model: self._shown(row) for model, row in live.items() if targets[model] is not None
        }
        self._warn_of_not_limited(client, remote, self._not_limited(remote, policy, live))
        self._report(work)

    def read(self, client: Client, remote: Remote) -> None:
        """Read rows and limits. A row that deviates from a pattern or `others` gets a separate entry in `limits`."""
        live = self._live(client, remote)
        document = remote.attributes
        policy = Policy(document.get("limits") or {}, document.get("others"))
        limits: dict[str, Any] = {}
        for key, wanted in policy.limits.items():
            if is_pattern(key):
                limits[key] = wanted
            elif key in live:
                limits[key] = {name: live[key][name] for name in wanted if live[key].get(name) is not None}
        news: dict[str, Any] = {}
        for model, row in live.items():
            wanted = self._accepted(remote, model, policy.limits_of(model) or {})
            shown = {name: row[name] for name in wanted if row.get(name) is not None}
            if model not in limits and any(shown[name] != wanted[name] for name in shown):
                news[model] = shown
        document["limits"] = {**limits, **news}
        is_looked_up = not policy.limits and policy.others is None
        document["rows"] = {
            model: self._shown(row)
            for model, row in live.items()
            if is_looked_up or policy.limits_of(model) is not None
        }
        document[_NOT_LIMITED] = self._not_limited(remote, policy, live)

    def delete(self, client: Client, remote: Remote) -> None:
        """Restore all rows, except the limits that another resource manages now."""
        try:
            live = self._live(client, remote)
        except errors.ProjectNotFoundError:
            raise
        except errors.ResourceGoneError as gone:
            what = f"the {self.row.noun}s of project {remote.id}"
            logger.warning("Could not restore %s: %s.", what, gone.event)
            return
        work = _Work(client, remote, {**self._stored(remote), **live}, Batch(client))
        self._apply_to_rows(work, dict.fromkeys(self._records(remote)))
        self._report(work)

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: by model, what becomes of its limits."""
        rows = sorted(self._stored(remote).items())
        parts = {model: self.row.removal(self._part(remote, model, row), now) for model, row in rows}
        return combined(parts) if parts else RESTORED

    @override
    def delete_found(self, client: Client, remote: Remote) -> None:
        raise baseline.nothing_to_restore(f"each {self.row.noun} of project {remote.id}")

    def _report(self, work: _Work) -> None:
        """Log one warning about all rows that were not restored, and raise one error for those that failed."""
        place = f"{self.row.noun}s of project {work.remote.id}"
        if work.unrestored:
            all_fields = itertools.chain.from_iterable(work.unrestored.values())
            logger.warning(
                "Could not fully restore %d of the %s: %s.%s",
                len(work.unrestored), place, baseline.of_many(work.unrestored),
                baseline.keeping(work.remote, all_fields),
            )  # fmt: skip
        work.batch.raise_failures(place)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Restore the values from before this run."""
        live = {**self._stored(remote), **self._live(client, remote)}
        undone = []
        for model, origin in remote.step.rollback.items():
            if model not in live:
                continue
            sub = self._part(remote, model, live[model])
            sub.step.rollback = origin
            try:
                undone.append(self.row.undo(client, sub))
            except errors.NotFoundError:
                undone.append(not self.row.is_listed(client, sub))
            except errors.AdminError as error:  # continue with the other rows
                logger.warning("%s of project %s can't be restored: %s", model, remote.id, error)
                undone.append(False)
        return all(undone)

    def expand(self, olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        """Add entries for models that deviated at the last refresh: those that the old limits name.

        With an entry in the new limits too, a preview shows `~ model: {~ field: 500 => 0}` instead of a deletion.
        """
        old, new, others = olds.get("limits"), news.get("limits"), news.get("others")
        if not isinstance(old, dict) or not isinstance(new, dict):
            return news
        policy, limits = Policy(new, others if isinstance(others, dict) else None), dict(new)
        for model in old:
            wanted = None if is_pattern(model) else policy.limits_of(model)
            if wanted is not None:
                limits.setdefault(model, copy.copy(wanted))  # not `dict`: in a preview it may be unknown
        return {**news, "limits": limits}

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The limits of each model that the policy covers."""
        remote.id = remote.id or str(remote.parents["project_id"])
        policy = Policy(wanted.settings.get("limits") or {}, wanted.settings.get("others"))
        live = self._live(client, remote)
        self._check_names(remote, policy, live)
        known = remote.attributes.get("rows", {})
        values: list[ValueComparison] = []
        for model, row in live.items():
            accepted = self._accepted(remote, model, policy.limits_of(model) or {})
            compared = remote.compared(known.get(model, {}), row, accepted)
            values += [value._replace(property="limits", label=f"{model} {value.label}") for value in compared]
        originals, ceilings = (
            {f"{model} {field}": limit for model, row in rows.items() for field, limit in row.items()}
            for rows in (remote.attributes.get(BASELINE, {}), remote.memory[Ceilings].ceilings)
        )
        others = rate_limit.raised(values, originals, ceilings)
        return Observation(f"the {self.row.noun}s of project {remote.id}", values, others)

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Limits above what OpenAI named as the most when it refused a limit before."""
        limits = wanted.settings.get("limits")
        policy = Policy(limits if isinstance(limits, dict) else {}, wanted.settings.get("others"))
        above = [
            text
            for model, ceilings in remote.memory[Ceilings].ceilings.items()
            for text in rate_limit.above_ceilings(ceilings, policy.limits_of(model) or {}, model)
        ]
        return (
            f"{capitalized(self.row.noun)}s of project {remote.id}: {bounded('; ', above)}. {rate_limit.CEILING_ADVICE}"
            if above
            else ""
        )

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[PolicyClaim]:
        """The project's rows that the policy covers."""
        limits = wanted.settings.get("limits")
        if not isinstance(limits, dict):
            return []
        return [
            PolicyClaim(
                self.row.path.format(**parents), is_whole=True, policy=Policy(limits, wanted.settings.get("others"))
            )
        ]

    def _not_limited(self, remote: Remote, policy: Policy, live: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """By model, the current limits of the rows that the policy covers and does not limit: OpenAI refuses that."""
        limits = {model: policy.limits_of(model) or {} for model in sorted(live)}
        return {
            model: self._shown(live[model])
            for model, wanted in limits.items()
            if not rate_limit.limits_requests(wanted, self._accepted(remote, model, wanted), live[model])
        }

    def _warn_of_not_limited(self, client: Client, remote: Remote, found: dict[str, dict[str, Any]]) -> None:
        """Record the models that the policy does not limit, and name those that the state does not have.

        One warning in a run, and none of models that the project may not use.
        """
        news = [model for model in found if model not in (remote.attributes.get(_NOT_LIMITED) or {})]
        remote.attributes[_NOT_LIMITED] = found
        news = self._permitted(client, remote, news) if news else []
        if news and client.shared(_Warned).acquire(blocking=False):
            logger.warning(
                "OpenAI refuses to change the rate limits of %s of project %s that this resource covers: %s. "
                "Unless ProjectModelPermissions excludes a model from the project, it accepts requests. The output "
                "%s has the current limits, also of other projects, for which this run does not repeat the warning.",
                counted(len(news), "model"), remote.id, bounded(", ", news), _NOT_LIMITED,
            )  # fmt: skip

    def _permitted(self, client: Client, remote: Remote, models: list[str]) -> list[str]:
        """Return those of some models that the project may use, as OpenAI shows its model permissions."""
        path = fill(_PERMISSIONS, **remote.parents)
        try:
            shown = client.send(Call("GET", path, f"read the model permissions of project {remote.id}"))
        except errors.AdminError:
            return models  # there are none, or the key may not read them
        listed, is_allow_list = shown.get("model_ids") or (), shown.get("mode") == "allow_list"
        return [model for model in models if (model in listed) is is_allow_list]

    def _check_names(self, remote: Remote, policy: Policy, live: Mapping[str, Any]) -> None:
        named = policy.named()
        for name in sorted(policy.limits, key=is_pattern):
            if is_pattern(name) and not fnmatch.filter(live, name):
                logger.warning("No model of project %s matches %r: the pattern has no effect.", remote.id, name)
            elif name in named and name not in live:
                what = f"Project {remote.id} has no {self.row.noun} for the model {name!r}"
                raise errors.NoMatchError(what, suggestion(name, live, "Limits"))

    def _apply_to_rows(self, work: _Work, targets: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Set the limits of each row; None restores it. Rows that have the limits already need no request."""
        waiting = [model for model, limits in targets.items() if not self._is_applied(work, model, limits)]
        work.batch.run(waiting, lambda model: self._apply_to_row(work, model, targets[model]))

    def _is_applied(self, work: _Work, model: str, limits: Mapping[str, Any] | None) -> bool:
        """Whether a row has the wanted limits, without those that OpenAI refused before."""
        if limits is None:
            return False
        wanted = self._accepted(work.remote, model, limits)
        if Memory(self._records(work.remote).get(model))[Writes].written != wanted:
            return False
        with self._row(work, model) as row:
            return all(row.get(name) == value for name, value in wanted.items())

    @staticmethod
    def _accepted(remote: Remote, model: str, limits: Mapping[str, Any]) -> dict[str, Any]:
        """The limits without those that OpenAI refused when the same limits were wanted for the row."""
        skipped = remote.memory[PolicyOutcome].skipped.get(model)
        left_out = skipped["left_out"] if skipped is not None and skipped["wanted"] == dict(limits) else ()
        return {name: value for name, value in limits.items() if name not in left_out}

    def _apply_to_row(self, work: _Work, model: str, limits: Mapping[str, Any] | None) -> None:
        """Set the limits of a row. Those that OpenAI refuses and that come from a pattern are omitted, and recorded."""
        remote, limits = work.remote, dict(limits or {})
        wanted, refused = self._accepted(remote, model, limits), dict[str, str]()
        with self._row(work, model) as row:
            live = dict(row.attributes)
            row.attributes |= remote.attributes.get("rows", {}).get(model, {})  # what the user has seen
            for _ in range(len(wanted) + 1):
                try:
                    if unrestored := self.row.apply(work.client, row, live, wanted):
                        work.unrestored[model] = unrestored
                    break
                except errors.NotFoundError:
                    if self.row.is_listed(work.client, row):
                        raise
                    row.memory, row.attributes[BASELINE] = Memory(), {}  # the answer says it, too
                    break
                except errors.BadRequestError as refusal:
                    if model in work.named or refusal.facts.code not in replies.NOT_FOR_MODEL | replies.NOT_FOR_FIELD:
                        raise
                    live, named = row.attributes, self.row.field_in(refusal)
                    for name in [named] if named in wanted else list(wanted):
                        del wanted[name]
                        remote.release(work.client, f"{self.row.path_of(row)} {name}")
                        refused[name] = f"{name}: {refusal.facts.code}"
        skipped, reasons = remote.memory[PolicyOutcome].skipped, remote.attributes["skipped"]
        before, reason = skipped.pop(model, None), reasons.pop(model, "")
        left_out, texts = [*refused], [*refused.values()]
        if before is not None and before["wanted"] == limits:
            left_out, texts = [*before["left_out"], *left_out], [reason, *texts]
        if left_out:
            skipped[model] = {"wanted": limits, "left_out": left_out}
            reasons[model] = ", ".join(texts)

    @contextmanager
    def _row(self, work: _Work, model: str) -> Iterator[Remote]:
        """One row, as it is after what other resources of the run did. What is learned of it goes into the state."""
        remote = work.remote
        with self.row.exclusively(work.client, self._part(remote, model, work.live[model])):
            shown = self.row.listing(work.client, remote).find(str(work.live[model]["id"]))
            live = documents.renamed(shown, self.row.wire_names) if shown else work.live[model]
            row = self._part(remote, model, live)
            try:
                yield row
            finally:
                work.live[model] = {name: value for name, value in row.attributes.items() if name != BASELINE}
                row.memory[LostChanges].lost_at = None
                written = {**row.memory[Writes].to_state(), **row.memory[LostChanges].to_state()}
                if written and row.id != _usual_id(model):
                    written |= RowId(row.id).to_state()
                for of_all, of_row in (
                    (remote.attributes[BASELINE], baseline.recorded_baseline(row)),
                    (remote.memory[Ceilings].ceilings, row.memory[Ceilings].ceilings),
                    (self._records(remote), written),
                ):
                    of_all.pop(model, None)
                    if of_row:
                        of_all[model] = of_row
                if row.step.rollback:
                    remote.step.rollback[model] = row.step.rollback
                if row.step.has_learned:  # other rows, in other threads, have their own
                    remote.step.has_learned = True
                if row.step.has_changed:
                    remote.step.has_changed = True
                    if not written:
                        self.row.record_restored(row)

    def _live(self, client: Client, remote: Remote) -> dict[str, dict[str, Any]]:
        rows, names = self.row.rows(client, remote), self.row.wire_names
        return {str(row.get("model")): documents.renamed(row, names) for row in rows.values()}

    def _stored(self, remote: Remote) -> dict[str, dict[str, Any]]:
        """The rows that the resource manages, as the state has them: a list that lacks one may be incomplete."""
        shown, rows = remote.attributes.get("rows") or {}, dict[str, dict[str, Any]]()
        for model, record in self._records(remote).items():
            memory = Memory(record)
            ids = {"id": memory[RowId].row or _usual_id(model), "model": model}
            rows[model] = {**ids, **memory[Writes].written, **shown.get(model, {})}
        return rows

    def _part(self, remote: Remote, model: str, live: Mapping[str, Any]) -> Remote:
        found = remote.attributes.get(BASELINE, {}).get(model, {})
        sub = baseline.part_of(remote, model, remote.parents, str(live["id"]))
        sub.attributes = {**live, BASELINE: dict(found)}
        sub.memory.put(Ceilings(dict(remote.memory[Ceilings].ceilings.get(model, {}))))
        if not {"limits", "others"}.isdisjoint(remote.step.secret):
            sub.step.secret = self.fields
        return sub

    @staticmethod
    def _records(remote: Remote) -> dict[str, Any]:
        return remote.memory[ObjectRecords].objects

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in self.fields if row.get(name) is not None}


def _usual_id(model: str) -> str:
    return f"rl-{model}"
