"""A row that OpenAI made: found in a list, changed by POST, made and deleted by nobody.

What such a row held before is remembered as its baseline, and put back when nobody
looks after the field any more. Source: GET /organization/projects/{project_id}/rate_limits
and POST …/rate_limits/{rate_limit_id}; there is no GET of one row, no DELETE, no reset.
"""

from __future__ import annotations

import copy
import difflib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import creation, restoration
from pulumi_openai_admin.handlers.handler import Adoptable, Shows
from pulumi_openai_admin.handlers.rate_limit_policy import Policy, PolicyClaim
from pulumi_openai_admin.handlers.restoration import Unrestored
from pulumi_openai_admin.http import error_codes
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from contextlib import AbstractContextManager

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

_ROWS_A_PAGE = 1000

ALIAS_ADVICE = Advice("If the resource was only renamed, ", remedies.DECLARE_OLD_NAME, ".")

_HELD = "held"
"""In `Remote.private`, after lost replies: by field what else it may hold of ours, beside what was last written."""


@dataclass(frozen=True)
class Row(Adoptable):
    """The shape.

    Args:
        path: The list of rows; a row is changed at `{path}/{id}`.
        noun: What a row is called, singular: "rate limit".
    """

    manages_existing: ClassVar[bool] = True
    remembers_settings: ClassVar[bool] = True
    shows: ClassVar[Shows] = Shows.LIST
    not_shown: ClassVar[tuple[str, ...]] = ("baseline",)

    path: str
    noun: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Find the row, remember what it holds, write what differs."""
        remote.id = str(self._find(client, remote, wanted.selection)["id"])
        remote.acquire(client, self.path_of(remote))
        with self.exclusively(client, remote):  # another resource may be giving the row up at this moment
            self._report(remote, self.settle(client, remote, self._live(client, remote), wanted.settings))

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a row that already holds what is wanted: nothing is written."""
        self.create(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the six fields up to date."""
        self._learn(remote, self._live(client, remote))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Write what differs, and restore fields that the program no longer sets."""
        remote.acquire(client, self.path_of(remote))
        with self.exclusively(client, remote):
            row = self._live(client, remote)
            if not remote.pending:  # after a failed run nobody knows what it left there
                self.warn_of_others(remote, remote.attributes, row, wanted.settings)
            self._report(remote, self.settle(client, remote, row, wanted.settings))

    def settle(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        """Bring a row from what it holds to what is wanted; fields no longer wanted go back to their baseline."""
        self._learn(remote, live)
        leaving = [field for field in _memory(remote) if field not in settings]
        self._write(client, remote, settings)
        return self.put_back(client, remote, leaving)

    def delete(self, client: Client, remote: Remote) -> None:
        """Restore all fields, unless another resource of this run manages the row now.

        Raises:
            errors.ProjectNotFoundError: The key does not show the project, so nothing can be restored.
        """
        with self.exclusively(client, remote):
            if client.is_owned(self.path_of(remote)):
                logger.warning(
                    "%s was left as it is: another resource of this run manages it.%s %s",
                    self._name(remote), _forgotten(remote), ALIAS_ADVICE,
                )  # fmt: skip
                return
            try:
                self._learn(remote, self._live(client, remote))
            except errors.ProjectNotFoundError:
                raise
            except errors.ResourceGoneError as gone:
                logger.warning("%s was not restored: %s.", self._name(remote), gone.event)
                return
            self._report(remote, self.put_back(client, remote, list(_memory(remote))))

    def _report(self, remote: Remote, unrestored: list[Unrestored]) -> None:
        if unrestored:
            logger.warning("%s was not fully restored: %s.", self._name(remote), restoration.of_one(unrestored))

    def undo(self, client: Client, remote: Remote) -> bool:
        """Put back what this run wrote, or may have written."""
        self._learn(remote, self._live(client, remote))
        back = {
            field: value
            for field, value in remote.rollback.items()
            if value is not None and remote.attributes.get(field) != value
        }
        if back:
            self._post(client, remote, back, back)
        return all(remote.attributes.get(field) == value for field, value in remote.rollback.items())

    def claim(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:
        """One row, by its model and its id as far as both are known: the program names it by one of them."""
        ((key, value),) = wanted.selection.items() or (("", None),)
        if not isinstance(value, str):
            return None
        known = {key: value, **(document if document.get(key) == value else {})}
        model, id_ = known.get("model"), known.get("id")
        return PolicyClaim(self.path.format(**parents), policy=Policy({model: {}} if model else {}), id=id_ or "")

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The row that the program names."""
        return self._find(client, remote, wanted.selection)

    def listing(self, client: Client, remote: Remote) -> Listing:
        """All rows of the project."""
        path = fill(self.path, **remote.parents)
        return client.listing(path, f"list the {self.noun}s of {_parent(remote)}", {"limit": _ROWS_A_PAGE})

    def rows(self, client: Client, remote: Remote) -> Mapping[str, dict[str, Any]]:
        """All rows of the project by id; a project that is archived or missing is gone."""
        with client.inside(remote.parents):
            listing = self.listing(client, remote)
            if any(
                client.is_owned(id_) for id_ in remote.parents.values()
            ):  # created in this run: its rows may lag behind
                listing.settle(client.pause, creation.LOOKS)
            return listing.rows()

    def _live(self, client: Client, remote: Remote) -> dict[str, Any]:
        row = self.rows(client, remote).get(remote.id)
        if row is None:  # one incomplete list must not lose the baseline
            client.pause(creation.LOOKS[1], f"look for {self._name(remote)} again")
            self.listing(client, remote).forget()
            row = self.rows(client, remote).get(remote.id)
        if row is None:
            what = f"{self._name(remote)} is not at OpenAI any more"
            raise errors.ResourceGoneError(what, Advice(remedies.REFRESH_THEN_RUN, "."))
        return row

    def _find(self, client: Client, remote: Remote, selection: Mapping[str, Any]) -> dict[str, Any]:
        ((key, value),) = selection.items()
        rows = self.rows(client, remote)
        for row in rows.values():
            if row.get(key) == value:
                return row
        word = "model" if key == "model" else f"{self.noun} id"
        raise errors.NoMatchError(
            f"{_parent(remote)[0].upper()}{_parent(remote)[1:]} has no {self.noun} for the {word} {value!r}",
            nearest(str(value), (str(row.get(key)) for row in rows.values())),
        )

    def _learn(self, remote: Remote, row: Mapping[str, Any]) -> None:
        """Take over a whole row; fields that OpenAI leaves out now are no longer known."""
        kept = {"baseline": remote.attributes.get("baseline", {})}
        remote.attributes = {**row, **kept}
        remote.id = str(row["id"])

    def _write(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set fields that differ; the values found just before the first change become the baseline."""
        before, written = dict(remote.attributes), _memory(remote)
        memory = copy.deepcopy(remote.private)
        changes = {field: value for field, value in settings.items() if before.get(field) != value}
        _note_baseline(remote, settings, changes, before)
        # Before the POST: where its reply is lost, destroy has to know what may stand there now.
        held = remote.private.get(_HELD, {})
        _hold(remote, {**held, **{field: [*held[field], written.get(field)] for field in changes if field in held}})
        written.update(settings)
        if changes:
            remote.private["touched"] = sorted({*remote.private.get("touched", ()), *changes})
            try:
                self._post(client, remote, changes, settings)
            except errors.AdminError as error:
                if not error.may_have_acted:  # nothing was done, so there is nothing to remember
                    remote.private, remote.attributes = memory, before
                raise

    def _post(self, client: Client, remote: Remote, body: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
        """POST, and compare what OpenAI answers with what has to stand there; once more where it does not.

        Nobody has recorded whether fields that the body leaves out are kept, so all that this resource
        manages is compared, and the second time all of it is sent.
        """
        listing, wrong = self.listing(client, remote), dict(body)
        for field in body:
            remote.rollback.setdefault(field, remote.attributes.get(field))
        # Until a reply says otherwise, each field holds this or what is sent now: both are ours to put back.
        held = remote.private.get(_HELD, {})
        _hold(remote, {**held, **{field: [*held.get(field, ()), remote.attributes.get(field)] for field in body}})
        for sent in (body, expected):
            action = f"set {', '.join(wrong)} of {self._name(remote)}"
            call = Call("POST", self.path_of(remote), action, body=sent)
            reply = self._post_once(client, remote, call, held)
            row: dict[str, Any] = {"id": remote.id, "model": remote.attributes.get("model"), **reply}
            listing.learn(row)
            self._learn(remote, row)
            held = _without(held, expected)
            _hold(remote, held)
            wrong = {field: value for field, value in expected.items() if row.get(field) != value}
            if not wrong:
                return
        told = ", ".join(f"{field} is {row.get(field)} instead of {value}" for field, value in wrong.items())
        what = f"OpenAI accepted the change of {self._name(remote)} twice without making it: {told}"
        raise errors.UpdateNotAppliedError(what)

    def _post_once(
        self, client: Client, remote: Remote, call: Call, held_before: Mapping[str, Iterable[Any]]
    ) -> dict[str, Any]:
        changed_before = remote.has_changed
        remote.has_changed = True  # until the contrary is known: a lost reply may hide a change
        try:
            return client.send(call)
        except errors.AdminError as error:
            remote.has_changed = changed_before or error.may_have_acted
            if error.may_have_acted:
                self.listing(client, remote).forget()
            else:
                _hold(remote, held_before)
            if isinstance(error, errors.NotFoundError | errors.BadRequestError | errors.PermissionDeniedError):
                client.raise_if_parent_is_gone(remote.parents, error)
            raise

    def put_back(self, client: Client, remote: Remote, fields: list[str]) -> list[Unrestored]:
        """Set fields to their baselines; what can't or must not be restored is left.

        Returns:
            The fields that hold something else than before.
        """
        written, baseline = _memory(remote), remote.attributes.get("baseline", {})
        unrestored: list[Unrestored] = []
        body: dict[str, Any] = {}
        for field in fields:
            live, then, ours = remote.attributes.get(field), baseline.get(field), written.get(field)
            if live == then or field not in remote.private.get("touched", ()):
                continue  # it holds what it did, or this resource never changed it
            if not _is_ours(remote, field, live):
                unrestored.append(Unrestored(field, live, f"changed outside Pulumi after it was set to {ours}"))
            elif then is None:
                unrestored.append(Unrestored(field, live, "it had no value before, and OpenAI cannot unset it"))
            else:
                body[field] = then
        staying = _without(written, fields)
        unrestored += self._post_what_is_accepted(client, remote, body, staying)
        remote.attributes["baseline"] = _without(baseline, fields)
        _hold(remote, _without(remote.private.get(_HELD, {}), fields))
        for field in fields:
            written.pop(field, None)
        remote.private["touched"] = [field for field in remote.private.get("touched", ()) if field in written]
        return unrestored

    def _post_what_is_accepted(
        self, client: Client, remote: Remote, body: Mapping[str, Any], staying: Mapping[str, Any]
    ) -> list[Unrestored]:
        """Restore together; without the field that a refusal names, or one by one where it names none."""
        wanted, unrestored = dict(body), dict[str, Unrestored]()
        while wanted:
            try:
                self._post(client, remote, wanted, {**staying, **wanted})
                break
            except (
                errors.BadRequestError,
                errors.NotFoundError,
                errors.UpdateNotAppliedError,
                errors.ResourceGoneError,
            ) as refusal:
                refused = _refused_fields(refusal, wanted)
                if not refused:
                    return [*unrestored.values(), *self._post_one_by_one(client, remote, wanted, staying)]
                for field in refused:
                    ceiling = _ceiling(refusal)
                    unrestored[field] = Unrestored(field, remote.attributes.get(field), _told(refusal, body[field]))
                    is_nearer = ceiling is not None and (remote.attributes.get(field) or 0) < ceiling < wanted[field]
                    if is_nearer:
                        wanted[field] = ceiling
                        unrestored[field] = Unrestored(field, ceiling, f"OpenAI's ceiling now; it was {body[field]}")
                    else:
                        del wanted[field]
        return list(unrestored.values())

    def _post_one_by_one(
        self, client: Client, remote: Remote, body: Mapping[str, Any], staying: Mapping[str, Any]
    ) -> list[Unrestored]:
        return [
            left
            for field, value in body.items()
            for left in self._post_what_is_accepted(client, remote, {field: value}, staying)
        ]

    def warn_of_others(
        self, remote: Remote, known: Mapping[str, Any], live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> None:
        """Tell of fields that changed since the state was last brought up to date, and not by this resource.

        Args:
            remote: The row.
            known: What the state says that the row holds: a refresh has shown that already.
            live: What the row holds now.
            settings: What the program wants of it.
        """
        written = _memory(remote)
        for field, value in settings.items():
            now = live.get(field)
            is_news = field in written and now not in (value, known.get(field))
            if is_news and not _is_ours(remote, field, now):
                logger.warning(
                    "%s: %s was changed outside Pulumi from %s to %s, and is set to %s. If another program manages "
                    "the same rate limit, remove it from one of them.",
                    self._name(remote), field, written[field], now, value,
                )  # fmt: skip

    def exclusively(self, client: Client, remote: Remote) -> AbstractContextManager[None]:
        """The row, for one resource at a time.

        Raises:
            errors.OperationTimeoutError: Another one had it until the operation's time was over.
        """
        return client.exclusively(self.path_of(remote), f"look at {self._name(remote)}")

    def path_of(self, remote: Remote) -> str:
        """Where the row is changed."""
        return fill(self.path + "/{id}", **remote.parents, id=remote.id)

    def _name(self, remote: Remote) -> str:
        return f"{self.noun} {remote.id} of {_parent(remote)}"


def _parent(remote: Remote) -> str:
    return describe(remote.parents)


def _refused_fields(refusal: errors.AdminError, wanted: Mapping[str, Any]) -> list[str]:
    """Which of the fields sent a refusal is about; empty where it does not tell."""
    if len(wanted) == 1 or isinstance(refusal, errors.ResourceGoneError):
        return list(wanted)
    if not isinstance(refusal, errors.StatusError):
        return []
    if refusal.facts.code in error_codes.NOT_FOR_ANY_FIELD:
        return list(wanted)
    named = error_codes.field_in(refusal.facts.message)
    return [field for field in wanted if field == named]


def _ceiling(refusal: errors.AdminError) -> int | None:
    return error_codes.ceiling_in(refusal.facts.message) if isinstance(refusal, errors.StatusError) else None


def _told(refusal: errors.AdminError, value: object) -> str:
    if isinstance(refusal, errors.StatusError):
        return f"OpenAI refused {value}: {refusal.facts.message.rstrip('.')}; {refusal.facts}"
    return f"{value} was not accepted: {refusal.event}"


def _forgotten(remote: Remote) -> str:
    """A sentence on the values that another resource, which manages the row now, does not know; empty if none."""
    baseline = remote.attributes.get("baseline", {})
    before = ", ".join(f"{field} {baseline[field]}" for field in remote.private.get("touched", ()) if field in baseline)
    return f" Its values from before ({before}) are no longer remembered." if before else ""


def _memory(remote: Remote) -> dict[str, Any]:
    """What this resource last wrote, by field: refresh overwrites everything else with live values."""
    written: dict[str, Any] = remote.private.setdefault("written", {})
    return written


def _is_ours(remote: Remote, field: str, live: object) -> bool:
    """Whether a field holds what this resource left there, or may have left there when a reply was lost."""
    return live == _memory(remote).get(field) or live in remote.private.get(_HELD, {}).get(field, ())


def _hold(remote: Remote, held: Mapping[str, Iterable[Any]]) -> None:
    """Remember what fields may hold as long as nobody knows whether a POST arrived."""
    remote.private.pop(_HELD, None)
    known = {field: list(dict.fromkeys(one for one in values if one is not None)) for field, values in held.items()}
    if known:
        remote.private[_HELD] = known


def _without(values: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if field not in fields}


def _note_baseline(
    remote: Remote, settings: Mapping[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """For each managed field, remember the value found just before this resource first changed it."""
    baseline = dict(remote.attributes.get("baseline", {}))
    touched = remote.private.get("touched", ())
    for field in settings:
        is_first = field not in touched and (field in changes or field not in baseline)
        if is_first and before.get(field) is not None:
            baseline[field] = before[field]
    remote.attributes["baseline"] = baseline


def nearest(name: str, names: Iterable[str], place: str = "Limits") -> str:
    """An advice that names what was probably meant, or where the dashboard shows it."""
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else f"Check it in OpenAI's dashboard, under {place}."
