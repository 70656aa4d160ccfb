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
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.call import Call
from pulumi_openai_admin.api.paths import fill
from pulumi_openai_admin.api.policy import Policy
from pulumi_openai_admin.api.remote import Adoptable, Claim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pulumi_openai_admin.api.client import Client, Listing
    from pulumi_openai_admin.api.remote import Remote, Wanted

logger = logging.getLogger("pulumi_openai_admin")

_ROWS_A_PAGE = 1000

_HELD = "held"
"""In `Remote.memory`, after lost replies: by field what else it may hold of ours, beside what was last written."""


@dataclass(frozen=True)
class Row(Adoptable):
    """The shape.

    Args:
        path: The list of rows; a row is changed at `{path}/{id}`.
        noun: What a row is called, singular: "rate limit".
    """

    path: str
    noun: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Find the row, remember what it holds, write what differs."""
        row = self._find(self.rows(client, remote), remote, wanted.selection)
        remote.id = str(row["id"])
        client.take(self.path_of(remote))
        self.settle(client, remote, row, wanted.settings)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """A row is never made: looking after one that is as wanted writes nothing."""
        self.create(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the six fields up to date."""
        self._learn(remote, self._live(client, remote))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Write what differs, and put fields back that the program no longer sets."""
        row = self._live(client, remote)
        if not remote.unfinished:  # after a broken run nobody knows what was left there
            self.warn_of_others(remote, row, wanted.settings)
        self.settle(client, remote, row, wanted.settings)

    def settle(self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Bring a row from what it holds to what is wanted; fields no longer wanted go back to their baseline."""
        self._learn(remote, live)
        leaving = [field for field in _memory(remote) if field not in settings]
        self._write(client, remote, settings)
        self.put_back(client, remote, leaving)

    def delete(self, client: Client, remote: Remote) -> None:
        """Put all fields back, unless another resource of this run has taken the row over."""
        if client.is_taken(self.path_of(remote)):
            logger.warning(
                "%s was left as it is: a resource created in this run looks after the same row. If it was only "
                "renamed, give it `pulumi.ResourceOptions(aliases=[pulumi.Alias(name=…)])` with the old name: then it "
                "keeps what it remembers of the limits from before.",
                self._name(remote),
            )
            return
        try:
            self._learn(remote, self._live(client, remote))
        except errors.Gone as gone:
            logger.warning("%s can't be put back, and need not be: %s", self._name(remote), gone)
            return
        self.put_back(client, remote, list(_memory(remote)))

    def undo(self, client: Client, remote: Remote) -> bool:
        """Put back what this run wrote, or may have written."""
        self._learn(remote, self._live(client, remote))
        back = {
            field: value
            for field, value in remote.origin.items()
            if value is not None and remote.document.get(field) != value
        }
        if back:
            self._post(client, remote, back, back)
        return all(remote.document.get(field) == value for field, value in remote.origin.items())

    def claim(self, parents: Mapping[str, Any], wanted: Wanted) -> Claim | None:
        """One row, where the program names it by its model: an id says nothing before the list is read."""
        model = wanted.selection.get("model")
        if not isinstance(model, str):
            return None
        return Claim(self.path.format(**parents), Policy({model: {}}), is_whole=False)

    def listing(self, client: Client, remote: Remote) -> Listing:
        """All rows of the project."""
        path = fill(self.path, **remote.parents)
        return client.listing(path, f"list the {self.noun}s of {_parent(remote)}", {"limit": _ROWS_A_PAGE})

    def rows(self, client: Client, remote: Remote) -> Mapping[str, dict[str, Any]]:
        """All rows of the project by id; a project that is archived or missing is gone."""
        with client.in_project(remote.parents["project_id"]):
            return self.listing(client, remote).rows()

    def _live(self, client: Client, remote: Remote) -> dict[str, Any]:
        row = self.rows(client, remote).get(remote.id)
        if row is None:
            what = f"{self._name(remote)} is not at OpenAI any more"
            raise errors.Gone(what, "Run `pulumi refresh`, then `pulumi up`.")
        return row

    def _find(self, rows: Mapping[str, dict[str, Any]], remote: Remote, selection: Mapping[str, Any]) -> dict[str, Any]:
        ((key, value),) = selection.items()
        for row in rows.values():
            if row.get(key) == value:
                return row
        word = "model" if key == "model" else f"{self.noun} id"
        raise errors.NotFoundInList(
            f"{_parent(remote)[0].upper()}{_parent(remote)[1:]} has no {self.noun} for the {word} {value!r}",
            nearest(str(value), (str(row.get(key)) for row in rows.values())),
        )

    def _learn(self, remote: Remote, row: Mapping[str, Any]) -> None:
        """Take over a whole row; fields that OpenAI leaves out now are no longer known."""
        kept = {"baseline": remote.document.get("baseline", {})}
        remote.document = {**row, **kept}
        remote.id = str(row["id"])

    def _write(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set fields that differ; the values found just before the first change become the baseline."""
        before, written = dict(remote.document), _memory(remote)
        memory = copy.deepcopy(remote.memory)
        changes = {field: value for field, value in settings.items() if before.get(field) != value}
        _note_baseline(remote, settings, changes, before)
        # Before the POST: where its reply is lost, destroy has to know what may stand there now.
        held = remote.memory.get(_HELD, {})
        _hold(remote, {**held, **{field: [*held[field], written.get(field)] for field in changes if field in held}})
        written.update(settings)
        if changes:
            remote.memory["touched"] = sorted({*remote.memory.get("touched", ()), *changes})
            try:
                self._post(client, remote, changes, settings)
            except errors.AdminError as error:
                if not error.may_have_acted:  # nothing was done, so there is nothing to remember
                    remote.memory, remote.document = memory, before
                raise

    def _post(self, client: Client, remote: Remote, body: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
        """POST, and compare what OpenAI answers with what has to stand there; once more where it does not.

        Nobody has recorded whether fields that the body leaves out are kept, so all that this resource
        manages is compared, and the second time all of it is sent.
        """
        listing, wrong = self.listing(client, remote), dict(body)
        for field in body:
            remote.origin.setdefault(field, remote.document.get(field))
        # Until a reply says otherwise, each field holds this or what is sent now: both are ours to put back.
        held = remote.memory.get(_HELD, {})
        _hold(remote, {**held, **{field: [*held.get(field, ()), remote.document.get(field)] for field in body}})
        for sent in (body, expected):
            purpose = f"set {', '.join(wrong)} of {self._name(remote)}"
            call = Call("POST", self.path_of(remote), purpose, body=sent)
            reply = self._post_once(client, remote, call, held)
            row: dict[str, Any] = {"id": remote.id, "model": remote.document.get("model"), **reply}
            listing.learn(row)
            self._learn(remote, row)
            held = _without(held, expected)
            _hold(remote, held)
            wrong = {field: value for field, value in expected.items() if row.get(field) != value}
            if not wrong:
                return
        told = ", ".join(f"{field} is {row.get(field)} instead of {value}" for field, value in wrong.items())
        what = f"OpenAI accepted the change of {self._name(remote)} twice without making it: {told}"
        raise errors.DidNotTake(what, "Run `pulumi up` again; if it stays so, ask OpenAI's support.")

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
            if isinstance(error, errors.NotFound | errors.Refused | errors.Forbidden):
                client.raise_if_project_is_gone(remote.parents["project_id"], error)
            raise

    def put_back(self, client: Client, remote: Remote, fields: list[str]) -> None:
        """Set fields to their baselines; what can't or must not be put back is left, with a warning."""
        written, baseline = _memory(remote), remote.document.get("baseline", {})
        body: dict[str, Any] = {}
        for field in fields:
            live, then, ours = remote.document.get(field), baseline.get(field), written.get(field)
            if live == then or field not in remote.memory.get("touched", ()):
                continue  # it holds what it did, or this resource never changed it
            if not _is_ours(remote, field, live):
                logger.warning(
                    "%s: %s is left at %s, since somebody else set it after Pulumi's %s.",
                    self._name(remote), field, live, ours,
                )  # fmt: skip
            elif then is None:
                logger.warning(
                    "%s: %s is left at %s: it had no value before, and OpenAI offers no way to unset it.",
                    self._name(remote), field, live,
                )  # fmt: skip
            else:
                body[field] = then
        staying = _without(written, fields)
        self._post_what_is_accepted(client, remote, body, staying)
        remote.document["baseline"] = _without(baseline, fields)
        _hold(remote, _without(remote.memory.get(_HELD, {}), fields))
        for field in fields:
            written.pop(field, None)
        remote.memory["touched"] = [field for field in remote.memory.get("touched", ()) if field in written]

    def _post_what_is_accepted(
        self, client: Client, remote: Remote, body: Mapping[str, Any], staying: Mapping[str, Any]
    ) -> None:
        """Put back together, or one by one where that is refused: a refusal names one field at a time."""
        if not body:
            return
        try:
            self._post(client, remote, body, {**staying, **body})
        except (errors.Refused, errors.NotFound, errors.DidNotTake, errors.Gone) as refusal:
            if len(body) == 1 or isinstance(refusal, errors.Gone):
                fields = " and ".join(f"{field} to {value}" for field, value in body.items())
                said = (
                    f"{refusal.facts.message} ({refusal.facts})"
                    if isinstance(refusal, errors.StatusError)
                    else refusal.event
                )
                logger.warning("%s: could not put %s back, so it stays: %s.", self._name(remote), fields, said)
                return
            for field, value in body.items():
                self._post_what_is_accepted(client, remote, {field: value}, staying)

    def warn_of_others(self, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Tell of fields that hold neither what this resource left there nor what it wants."""
        written = _memory(remote)
        for field, value in settings.items():
            if field in written and live.get(field) != value and not _is_ours(remote, field, live.get(field)):
                logger.warning(
                    "%s: somebody else changes %s too: it was left at %s, is now %s, and will be %s. If another "
                    "program manages the row as well, let one of them go.",
                    self._name(remote), field, written[field], live.get(field), value,
                )  # fmt: skip

    def path_of(self, remote: Remote) -> str:
        """Where the row is changed."""
        return fill(self.path + "/{id}", **remote.parents, id=remote.id)

    def _name(self, remote: Remote) -> str:
        return f"{self.noun} {remote.id} of {_parent(remote)}"


def _parent(remote: Remote) -> str:
    return f"project {remote.parents['project_id']}"


def _memory(remote: Remote) -> dict[str, Any]:
    """What this resource last wrote, by field: refresh overwrites everything else with live values."""
    written: dict[str, Any] = remote.memory.setdefault("written", {})
    return written


def _is_ours(remote: Remote, field: str, live: object) -> bool:
    """Whether a field holds what this resource left there, or may have left there when a reply was lost."""
    return live == _memory(remote).get(field) or live in remote.memory.get(_HELD, {}).get(field, ())


def _hold(remote: Remote, held: Mapping[str, Iterable[Any]]) -> None:
    """Remember what fields may hold as long as nobody knows whether a POST arrived."""
    remote.memory.pop(_HELD, None)
    known = {field: list(dict.fromkeys(one for one in values if one is not None)) for field, values in held.items()}
    if known:
        remote.memory[_HELD] = known


def _without(values: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if field not in fields}


def _note_baseline(
    remote: Remote, settings: Mapping[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """For each managed field, remember the value found just before this resource first changed it."""
    baseline = dict(remote.document.get("baseline", {}))
    touched = remote.memory.get("touched", ())
    for field in settings:
        is_first = field not in touched and (field in changes or field not in baseline)
        if is_first and before.get(field) is not None:
            baseline[field] = before[field]
    remote.document["baseline"] = baseline


def nearest(name: str, names: Iterable[str], place: str = "Limits") -> str:
    """An advice that names what was probably meant, or where the dashboard shows it."""
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else f"Check it in OpenAI's dashboard, under {place}."
