"""A row that OpenAI creates: it is found in a list and updated by POST, and can't be created or deleted.

The values from before the first change are kept as the baseline, and restored when a field is no longer managed.
Source: GET /organization/projects/{project_id}/rate_limits and POST …/rate_limits/{rate_limit_id}. There is no GET of
one row, no DELETE and no reset.
"""

from __future__ import annotations

import copy
import difflib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import creation, restoration
from pulumi_openai_admin.handlers.handler import Adoptable, Compared, Look, Shows
from pulumi_openai_admin.handlers.rate_limit_policy import Policy, PolicyClaim
from pulumi_openai_admin.handlers.restoration import Unrestored
from pulumi_openai_admin.http import error_codes
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from contextlib import AbstractContextManager

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

_ROWS_A_PAGE = 1000

ALIAS_ADVICE = Advice("If the resource was only renamed, ", remedies.DECLARE_OLD_NAME, ".")

CEILINGS = "ceilings"
"""In `Remote.private`: by field, the most that OpenAI named when it refused a higher value."""
CEILING_ADVICE = "The update will be refused, unless OpenAI has raised the organization's limit since."
_HELD = "held"
"""In `Remote.private`, after lost replies: by field, the other values that this resource may have written."""


@dataclass(frozen=True)
class Row(Adoptable):
    """The handler of one row.

    Args:
        path: The path of the list; a row is updated at `{path}/{id}`.
        noun: The name of a row in messages, singular: "rate limit".
    """

    manages_existing: ClassVar[bool] = True
    remembers_settings: ClassVar[bool] = True
    shows: ClassVar[Shows] = Shows.LIST
    not_shown: ClassVar[tuple[str, ...]] = ("baseline",)

    path: str
    noun: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Find the row, record its values, and write those that differ."""
        remote.id = str(self._find(client, remote, wanted.selection)["id"])
        remote.acquire(client, self.path_of(remote))
        with self.exclusively(client, remote):  # another resource may be restoring the row at this moment
            restoration.warn(
                self._name(remote), self.settle(client, remote, self._live(client, remote), wanted.settings)
            )

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a row that already has the wanted values: nothing is written."""
        self.create(client, remote, wanted)

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All rows."""
        return list(self.rows(client, remote))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The row, by its model."""
        return {name: value for name, value in self._live(client, remote).items() if name != "id"}

    def read(self, client: Client, remote: Remote) -> None:
        """Read the fields of the row."""
        self._learn(remote, self._live(client, remote))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Write the values that differ, and restore fields that the program no longer sets."""
        remote.acquire(client, self.path_of(remote))
        with self.exclusively(client, remote):
            row = self._live(client, remote)
            if not remote.pending:  # after a failed run the values are not known
                self.warn_of_others(remote, remote.attributes, row, wanted.settings)
            restoration.warn(self._name(remote), self.settle(client, remote, row, wanted.settings))

    def settle(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        """Set the wanted values of a row, and restore the baseline of fields that are no longer wanted."""
        self._learn(remote, live)
        unmanaged = [field for field in _written(remote) if field not in settings]
        self._write(client, remote, settings)
        return self.restore(client, remote, unmanaged)

    def delete(self, client: Client, remote: Remote) -> None:
        """Restore all fields, unless another resource of this run manages the row now.

        Raises:
            errors.ProjectNotFoundError: The key does not show the project, so the row can't be restored.
        """
        with self.exclusively(client, remote):
            if client.is_owned(self.path_of(remote)):
                logger.warning(
                    "%s was left as it is: another resource of this run manages it.%s %s",
                    self._name(remote), _lost_baseline(remote), ALIAS_ADVICE,
                )  # fmt: skip
                return
            try:
                self._learn(remote, self._live(client, remote))
            except errors.ProjectNotFoundError:
                raise
            except errors.ResourceGoneError as gone:
                logger.warning("%s was not restored: %s.", self._name(remote), gone.event)
                return
            restoration.warn(self._name(remote), self.restore(client, remote, list(_written(remote))))

    def undo(self, client: Client, remote: Remote) -> bool:
        """Restore the values from before this run."""
        self._learn(remote, self._live(client, remote))
        body = {
            field: value
            for field, value in remote.rollback.items()
            if value is not None and remote.attributes.get(field) != value
        }
        if body:
            self._post(client, remote, body, body)
        return all(remote.attributes.get(field) == value for field, value in remote.rollback.items())

    def look(self, client: Client, remote: Remote, wanted: Wanted) -> Look:
        """The values of the row.

        Raises:
            errors.NoMatchError: The project has no such row; the text gives the nearest names.
        """
        live = self._find(client, remote, wanted.selection)
        return Look(
            f"{self.noun} {live['id']} of {_parent(remote)}",
            self.compared("", remote.attributes, live, wanted.settings),
        )

    @staticmethod
    def compared(
        property_: str, known: Mapping[str, Any], live: Mapping[str, Any], settings: Mapping[str, Any], place: str = ""
    ) -> list[Compared]:
        """Limits of a row.

        Args:
            property_: The property of the resource that they belong to; empty if each is one.
            known: The row in the state.
            live: The row as it is listed.
            settings: What the program sets.
            place: The model, if the resource has several.
        """
        return [
            Compared(
                property_ or name,
                f"{place} {name}".strip(),
                known.get(name),
                now := live.get(name),
                value,
                now == value,
            )
            for name, value in settings.items()
            if value is not None
        ]

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Limits above what OpenAI named as the most when it refused a limit before."""
        above = above_ceilings(remote.private, wanted.settings)
        return f"{capitalized(self._name(remote))}: {'; '.join(above)}. {CEILING_ADVICE}" if above else ""

    def claim(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:
        """One row, by its model and its id if both are known. The program sets one of them."""
        ((key, value),) = wanted.selection.items() or (("", None),)
        if not isinstance(value, str):
            return None
        known = {key: value, **(document if document.get(key) == value else {})}
        model, id_ = known.get("model"), known.get("id")
        return PolicyClaim(self.path.format(**parents), policy=Policy({model: {}} if model else {}), id=id_ or "")

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The row that the program selects."""
        return self._find(client, remote, wanted.selection)

    def listing(self, client: Client, remote: Remote) -> Listing:
        """All rows of the project."""
        path = fill(self.path, **remote.parents)
        return client.listing(path, f"list the {self.noun}s of {_parent(remote)}", {"limit": _ROWS_A_PAGE})

    def rows(self, client: Client, remote: Remote) -> Mapping[str, dict[str, Any]]:
        """All rows of the project by id."""
        with client.inside(remote.parents):
            listing = self.listing(client, remote)
            if any(
                client.is_owned(id_) for id_ in remote.parents.values()
            ):  # created in this run: its rows may lag behind
                listing.settle(client.pause, creation.LOOKS)
            return listing.rows()

    def _live(self, client: Client, remote: Remote) -> dict[str, Any]:
        row = self.rows(client, remote).get(remote.id)
        if row is None:  # the list may be incomplete, and the baseline must not be lost
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
            f"{capitalized(_parent(remote))} has no {self.noun} for the {word} {value!r}",
            nearest(str(value), (str(row.get(key)) for row in rows.values())),
        )

    def _learn(self, remote: Remote, row: Mapping[str, Any]) -> None:
        """Store a whole row. Fields that OpenAI leaves out are no longer known."""
        kept = {"baseline": remote.attributes.get("baseline", {})}
        remote.attributes = {**row, **kept}
        remote.id = str(row["id"])

    def _write(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set the fields that differ. The values from just before the first change become the baseline."""
        before, written = dict(remote.attributes), _written(remote)
        private = copy.deepcopy(remote.private)
        changes = {field: value for field, value in settings.items() if before.get(field) != value}
        _note_baseline(remote, settings, changes, before)
        # Before the POST: if its reply is lost, destroy needs the values that the row may have now.
        held = remote.private.get(_HELD, {})
        _hold(remote, {**held, **{field: [*held[field], written.get(field)] for field in changes if field in held}})
        written.update(settings)
        if changes:
            remote.private["touched"] = sorted({*remote.private.get("touched", ()), *changes})
            try:
                self._post(client, remote, changes, settings)
            except errors.AdminError as error:
                if not error.may_have_acted:  # nothing was changed, so nothing is recorded
                    remote.private, remote.attributes = private, before
                learn_ceiling(remote, error)
                raise
            forget_ceilings(remote.private, changes)

    def _post(self, client: Client, remote: Remote, body: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
        """POST, compare the reply with the expected values, and POST again if they differ.

        It is not documented whether OpenAI keeps fields that the body leaves out. So all managed fields are compared,
        and the second POST sends all of them.
        """
        listing, wrong = self.listing(client, remote), dict(body)
        for field in body:
            remote.rollback.setdefault(field, remote.attributes.get(field))
        # Before the reply, a field may have its old value or the new one: either may be restored later.
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
        differences = ", ".join(f"{field} is {row.get(field)} instead of {value}" for field, value in wrong.items())
        what = f"OpenAI accepted the change of {self._name(remote)} twice without making it: {differences}"
        raise errors.UpdateNotAppliedError(what)

    def _post_once(
        self, client: Client, remote: Remote, call: Call, held_before: Mapping[str, Iterable[Any]]
    ) -> dict[str, Any]:
        changed_before = remote.has_changed
        remote.has_changed = True  # unless the error shows that nothing changed: a reply may be lost
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

    def restore(self, client: Client, remote: Remote, fields: list[str]) -> list[Unrestored]:
        """Set fields to their baselines, if they can and may be restored.

        Returns:
            The fields that were not restored.
        """
        written, baseline = _written(remote), remote.attributes.get("baseline", {})
        unrestored: list[Unrestored] = []
        body: dict[str, Any] = {}
        for field in fields:
            live, original, ours = remote.attributes.get(field), baseline.get(field), written.get(field)
            if live == original or field not in remote.private.get("touched", ()):
                continue  # it has its original value, or this resource never changed it
            if not _is_ours(remote, field, live):
                unrestored.append(Unrestored(field, live, f"changed outside Pulumi after it was set to {ours}"))
            elif original is None:
                unrestored.append(Unrestored(field, live, "it had no value before, and OpenAI cannot unset it"))
            else:
                body[field] = original
        managed = _without(written, fields)
        unrestored += self._post_accepted(client, remote, body, managed)
        remote.attributes["baseline"] = _without(baseline, fields)
        _hold(remote, _without(remote.private.get(_HELD, {}), fields))
        for field in fields:
            written.pop(field, None)
        remote.private["touched"] = [field for field in remote.private.get("touched", ()) if field in written]
        return unrestored

    def _post_accepted(
        self, client: Client, remote: Remote, body: Mapping[str, Any], managed: Mapping[str, Any]
    ) -> list[Unrestored]:
        """Restore all fields in one request. After a refusal, leave out the refused field, or send each field alone."""
        wanted, unrestored = dict(body), dict[str, Unrestored]()
        while wanted:
            try:
                self._post(client, remote, wanted, {**managed, **wanted})
                break
            except (
                errors.BadRequestError,
                errors.NotFoundError,
                errors.UpdateNotAppliedError,
                errors.ResourceGoneError,
            ) as refusal:
                refused = _refused_fields(refusal, wanted)
                learn_ceiling(remote, refusal)
                if not refused:
                    return [*unrestored.values(), *self._post_one_by_one(client, remote, wanted, managed)]
                for field in refused:
                    ceiling = _ceiling(refusal)
                    unrestored[field] = Unrestored(
                        field, remote.attributes.get(field), _refusal_reason(refusal, body[field])
                    )
                    is_closer = ceiling is not None and (remote.attributes.get(field) or 0) < ceiling < wanted[field]
                    if is_closer:
                        wanted[field] = ceiling
                        unrestored[field] = Unrestored(
                            field, ceiling, f"the maximum that OpenAI accepts now; it was {body[field]}"
                        )
                    else:
                        del wanted[field]
        return list(unrestored.values())

    def _post_one_by_one(
        self, client: Client, remote: Remote, body: Mapping[str, Any], managed: Mapping[str, Any]
    ) -> list[Unrestored]:
        return [
            unrestored
            for field, value in body.items()
            for unrestored in self._post_accepted(client, remote, {field: value}, managed)
        ]

    def warn_of_others(
        self, remote: Remote, known: Mapping[str, Any], live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> None:
        """Warn of fields that changed since the last refresh, and not by this resource.

        Args:
            remote: The row.
            known: The values in the state: the user has seen these.
            live: The current values.
            settings: The values that the program sets.
        """
        written = _written(remote)
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
        """Lock the row for one resource at a time.

        Raises:
            errors.OperationTimeoutError: Another resource had the lock until the time limit of the operation.
        """
        return client.exclusively(self.path_of(remote), f"read {self._name(remote)}")

    def path_of(self, remote: Remote) -> str:
        """The path at which the row is updated."""
        return fill(self.path + "/{id}", **remote.parents, id=remote.id)

    def _name(self, remote: Remote) -> str:
        return f"{self.noun} {remote.id} of {_parent(remote)}"


def _parent(remote: Remote) -> str:
    return describe(remote.parents)


def _refused_fields(refusal: errors.AdminError, wanted: Mapping[str, Any]) -> list[str]:
    """The fields that a refusal is about; empty if it does not say."""
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


def learn_ceiling(remote: Remote, refusal: errors.AdminError) -> None:
    """Remember the most that OpenAI accepts for a limit, if a refusal names both."""
    ceiling = _ceiling(refusal)
    field = error_codes.field_in(refusal.facts.message) if isinstance(refusal, errors.StatusError) else None
    if ceiling is not None and field:
        remote.private[CEILINGS] = {**remote.private.get(CEILINGS, {}), field: ceiling}
        remote.has_learned = True


def forget_ceilings(private: dict[str, Any], accepted: Mapping[str, Any]) -> None:
    """Forget what is no longer the most, after OpenAI has accepted limits."""
    ceilings = private.pop(CEILINGS, {})
    left = {field: most for field, most in ceilings.items() if (accepted.get(field) or 0) <= most}
    if left:
        private[CEILINGS] = left


def above_ceilings(private: Mapping[str, Any], settings: Mapping[str, Any], place: str = "") -> list[str]:
    """The limits that are above the most that OpenAI named, in words."""
    return [
        f"{place} {field} is {settings[field]}, and the most that OpenAI accepted is {most}".strip()
        for field, most in private.get(CEILINGS, {}).items()
        if isinstance(settings.get(field), int) and settings[field] > most
    ]


def _refusal_reason(refusal: errors.AdminError, value: object) -> str:
    if isinstance(refusal, errors.StatusError):
        return f"OpenAI refused {value}: {refusal.facts.message.rstrip('.')}; {refusal.facts}"
    return f"{value} was not accepted: {refusal.event}"


def _lost_baseline(remote: Remote) -> str:
    """A sentence with the baseline, which the other resource does not have; empty if there is none."""
    baseline = remote.attributes.get("baseline", {})
    before = ", ".join(f"{field} {baseline[field]}" for field in remote.private.get("touched", ()) if field in baseline)
    return f" Its original values ({before}) are no longer recorded." if before else ""


def _written(remote: Remote) -> dict[str, Any]:
    """The values that this resource last wrote, by field. Refresh overwrites the attributes with current values."""
    written: dict[str, Any] = remote.private.setdefault("written", {})
    return written


def _is_ours(remote: Remote, field: str, live: object) -> bool:
    """Whether this resource wrote the current value of a field, or may have written it if a reply was lost."""
    return live == _written(remote).get(field) or live in remote.private.get(_HELD, {}).get(field, ())


def _hold(remote: Remote, held: Mapping[str, Iterable[Any]]) -> None:
    """Record the values that fields may have, as long as it is unknown whether a POST arrived."""
    remote.private.pop(_HELD, None)
    known = {
        field: list(dict.fromkeys(value for value in values if value is not None)) for field, values in held.items()
    }
    if known:
        remote.private[_HELD] = known


def _without(values: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if field not in fields}


def _note_baseline(
    remote: Remote, settings: Mapping[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Record, for each managed field, the value from just before this resource first changed it."""
    baseline = dict(remote.attributes.get("baseline", {}))
    touched = remote.private.get("touched", ())
    for field in settings:
        is_first = field not in touched and (field in changes or field not in baseline)
        if is_first and before.get(field) is not None:
            baseline[field] = before[field]
    remote.attributes["baseline"] = baseline


def nearest(name: str, names: Iterable[str], place: str = "Limits") -> str:
    """Advice with the most similar names, or with the place in the dashboard."""
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else f"Check it in OpenAI's dashboard, under {place}."
