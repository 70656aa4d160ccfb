"""The command `keys`: all API keys of an organization, which key a leaked value is, and the end of some keys."""

from __future__ import annotations

import getpass
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.console import Group
from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import (
    authors,
    connection,
    keys_in_text,
    listed_keys,
    options,
    report,
    steps,
    terminal,
)
from pulumi_openai_admin.cli.memberships import MemberReader, Selection
from pulumi_openai_admin.cli.options import AsCsv, AsJson, Html, MaxWait, Parallel, declare
from pulumi_openai_admin.cli.words import ABSENT, event_of, in_iso
from pulumi_openai_admin.data_sources.special_kinds import ProjectApiKey
from pulumi_openai_admin.handlers.keys.api_keys import ProjectKeys
from pulumi_openai_admin.handlers.shapes.collection import delete_if_exists
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.printable import counted
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.paths import PROJECT, fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_openai_admin.cli.keys_in_text import Candidate
    from pulumi_openai_admin.cli.listed_keys import ListedKey

_PAGE = "keys.md"

_ABOUT_STATE = "A file of `pulumi stack export`, in place of the selected stack (`-`: stdin). Repeatable."
State = Annotated[list[Path] | None, typer.Option("--state", metavar="FILE", help=_ABOUT_STATE)]


def list_keys(  # noqa: PLR0913 - the options of the command
    context: typer.Context,
    *,
    unused: str | None = None,
    expiring: str | None = None,
    never_expires: bool = False,
    owners: list[str] | None = None,
    owner_gone: bool = False,
    unmanaged: bool = False,
    state: State = None,
    fail: bool = False,
    html: Html = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """List all API keys of the organization: whose they are, when they were used, when they expire, and which resource
    manages each.

    A key has to match all filters. With a selected stack, or with `--state`, the list names the resources.

    Examples:
    ```console
    pulumi-openai-admin keys
    pulumi-openai-admin keys --unused 90d --unmanaged
    pulumi-openai-admin keys --owner-gone --fail
    pulumi-openai-admin keys --html keys.html
    pulumi-openai-admin keys find < leaked.txt
    pulumi-openai-admin keys revoke key_abc
    ```

    Options:
        unused (DURATION): Show only keys that were not used for so long, for example `90d`.
        expiring (DURATION): Show only keys that expire within this time, for example `14d`.
        never_expires: Show only keys without an expiry.
        owners (EMAIL): Show only keys of this owner: an email address, id or name, or a glob for one. Repeatable.
        owner_gone: Show only keys whose owner no longer has access.
        unmanaged: Show only keys that no resource of the stack manages.
        fail: Exit with code 3 if a key is shown, for scheduled runs.
    """
    if not options.is_alone(context):
        return 0
    if never_expires and expiring:
        raise typer.BadParameter("Give only one of --expiring and --never-expires.", param_hint="--never-expires")
    report.refuse_unusable(html, as_json=as_json, as_csv=as_csv)
    idle, left = _seconds("--unused", unused or "90d"), _seconds("--expiring", expiring or "14d")
    settings = connection.settings(max_wait, parallel)
    managers = listed_keys.managers_in(listed_keys.read_states(state, is_needed=unmanaged))
    found = listed_keys.FoundKeys(MemberReader(settings), managers, unused_after=idle, expires_within=left)
    selection = Selection(owners or ())
    known = [(key.owner_id, key.owner_email, key.owner_name) for key in found.keys]
    known += [(id_, user.get("email"), user.get("name")) for id_, user in found.people.items()]
    selection.refuse_unmatched(known, "No user of the organization, and no owner of a key,", found.not_read)
    shown = [
        key
        for key in found.keys
        if (not unused or listed_keys.UNUSED in key.marks)
        and (not expiring or listed_keys.EXPIRING in key.marks)
        and (not never_expires or key.never_expires)
        and (not owner_gone or listed_keys.OWNER_GONE in key.marks)
        and (not unmanaged or not key.managed_by)
        and selection.has(key.owner_id, key.owner_email, key.owner_name)
    ]
    source = report.Source(found.read_at, settings.base_url, found.not_read)
    listed_keys.KeysReport(listed_keys.COLUMNS, shown, source).show(html, as_json=as_json, as_csv=as_csv)
    unread = terminal.warn(found.not_read)
    return terminal.FOUND if fail and shown else unread


def _seconds(option: str, duration: str) -> int:
    try:
        return formats.duration_seconds(duration)
    except ValueError:
        raise typer.BadParameter(f"It must be {formats.DURATION.words}.", param_hint=option) from None


@declare(page=_PAGE, scopes=[options.READ])
def find(*, state: State = None, as_json: AsJson = False, max_wait: MaxWait = 600, parallel: Parallel = 16) -> int:
    """Say of each key in a text which one it is, whose it is, when it was used, and which resource manages it.

    The text is read from standard input, never from an argument: a key alone, a `.env`, a log, a diff, a file of any
    size. No key in it is shown. OpenAI shows the beginning and the end of each key, so several keys can match. The exit
    code is 3 if a key is in the organization and has not expired, 4 if that is not known of a key, because it is not
    whole or a list could not be read, 1 if the text has nothing that looks like a key, otherwise 0.

    Examples:
    ```console
    pulumi-openai-admin keys find < leaked.txt
    git log -p | pulumi-openai-admin keys find
    pulumi-openai-admin keys find --state state.json < .env
    ```
    """
    if options.STDIN in (state or ()):
        raise typer.BadParameter("Standard input has the key: name a file.", param_hint="--state")
    leaked = keys_in_text.candidates(_text_of_stdin())
    settings = connection.settings(max_wait, parallel)
    if not leaked:
        what = "Standard input has nothing that looks like an API key"
        advice = "Write the key, or a text that contains it, to standard input: `keys find < leaked.txt`."
        raise errors.ConfigurationError(what, advice)
    found = listed_keys.FoundKeys(MemberReader(settings), listed_keys.managers_in(listed_keys.read_states(state)))
    search = found.by_shown()
    answers = [_Answer(candidate, search(candidate), candidate.value == settings.admin_api_key) for candidate in leaked]
    not_compared = found.not_compared()
    if as_json:
        head = {
            "read_at": in_iso(found.read_at),
            "not_read": [*found.not_read, *not_compared],
            "searched": found.searched(),
        }
        terminal.show_json({**head, "candidates": (answer.document() for answer in answers)})
    else:
        for answer in answers:
            for key in answer.keys:
                _describe(key, place=answer.candidate.place)
    for answer in answers:
        answer.say(has_all=found.has_all and not not_compared)
    if any(not answer.keys for answer in answers):
        searched = found.searched()
        numbers = (
            f"{searched['project_keys']:,} keys of {searched['projects_read']:,} of "
            f"{counted(searched['projects'], 'project')}, and "
            f"{counted(searched['admin_keys'], 'Admin API key')}"
        )
        terminal.say(f"Searched: {numbers}. Archived projects have no keys.")
    terminal.warn([*found.not_read, *not_compared])
    if any(answer.is_live for answer in answers):
        return terminal.FOUND
    is_known = all(answer.keys or answer.candidate.is_whole for answer in answers)
    return terminal.DONE if is_known and found.has_all and not not_compared else terminal.NOT_READ


class _Answer(NamedTuple):
    """What is known of a text that looks like a key."""

    candidate: Candidate
    keys: Sequence[ListedKey]
    """The keys that it may be."""
    is_used: bool
    """Whether it is the key that the command uses."""

    @property
    def is_live(self) -> bool:
        """Whether it may be used."""
        return self.is_used or any(not key.is_expired for key in self.keys)

    def document(self) -> dict[str, Any]:
        """Return the same for programs."""
        return {
            "shown": self.candidate.hint,
            "lines": self.candidate.lines,
            "is_whole": self.candidate.is_whole,
            "is_used_by_command": self.is_used,
            "keys": [report.values_of(listed_keys.COLUMNS, key) for key in self.keys],
        }

    def say(self, *, has_all: bool) -> None:
        """Say what the list of its keys does not."""
        what = f"{self.candidate.hint} ({self.candidate.place})"
        if self.is_used:
            terminal.say(f"{what}: It is the key that this command uses.", "yellow")
        elif len(self.keys) > 1:
            count = len(self.keys)
            terminal.say(
                f"{what}: It is one of these {count} keys: OpenAI shows the same characters of each.", "yellow"
            )
        elif self.keys:
            return
        elif not self.candidate.is_whole:
            text = "This is not a whole key: it is cut, or masked. It is not known whether the key works."
            terminal.say(f"{what}: {text}", "yellow")
        elif has_all:
            text = "No key of the organization begins and ends like this one."
            terminal.say(f"{what}: {text} It was revoked, belongs to another organization, or is cut here.")
        else:
            text = "No key that could be read begins and ends like this one. It may be one of those that were not read."
            terminal.say(f"{what}: {text}", "yellow")


_BLOCK = 1 << 20


def _text_of_stdin() -> Iterator[str]:
    """Standard input, part by part; a person at a terminal types a key without seeing it."""
    if sys.stdin.isatty():
        return iter([getpass.getpass("Key (not shown): ", sys.stderr)])
    return keys_in_text.decoded(iter(partial(sys.stdin.buffer.read, _BLOCK), b""))


@declare(page=_PAGE, scopes=[options.READ, options.WRITE])
def revoke(  # noqa: PLR0913 - the options of the command
    ids: list[str],
    *,
    yes: bool = False,
    dry_run: bool = False,
    even_if_managed: bool = False,
    state: State = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """Revoke API keys: show what will stop working, ask, and delete the keys at OpenAI. This can't be undone.

    It refuses the key that it uses, and keys that a resource of the stack manages: it then changes nothing. If OpenAI
    refuses to revoke a key, it goes on with the others. It can be run again: a key that the audit log knows as deleted
    is already revoked. The keys of people can be revoked, too.

    Examples:
    ```console
    pulumi-openai-admin keys revoke key_abc --dry-run
    pulumi-openai-admin keys revoke key_abc key_def --yes
    ```

    Options:
        ids (ID): Ids of keys (`key_…`), from `keys` or `keys find`.
        yes: Do not ask.
        dry_run: Show what would be revoked, and change nothing.
        even_if_managed: Also revoke keys that a resource of the stack manages.
    """
    if any(word.startswith("sk-") for word in ids):
        raise typer.BadParameter("Give ids, not keys. `keys find` says the id of a key.", param_hint="ID")
    settings = connection.settings(max_wait, parallel)
    managers = listed_keys.managers_in(listed_keys.read_states(state))
    found = listed_keys.FoundKeys(MemberReader(settings), managers)
    revocations = [*_revocations(found, ids, connection.read_only_client(settings))]
    chosen = [revocation.key for revocation in revocations if revocation.key is not None]
    due = [revocation for revocation in revocations if not (dry_run and revocation.key)]

    def document() -> dict[str, Any]:
        shown = [revocation.in_json() for revocation in revocations]
        return {"read_at": int(found.read_at), "not_read": found.not_read, "keys": shown}

    with steps.changing("revoked", lambda: revocations, document, as_json=as_json) as taken:
        found.refuse_own(chosen, settings.admin_api_key)
        with taken.output():
            _show_chosen(found, chosen, as_json=as_json)
        managed = [key for key in chosen if key.managed_by]
        if not even_if_managed:
            _refuse_managed(managed)
        this = "this key" if len(chosen) == 1 else f"these {len(chosen)} keys"
        if dry_run:
            for revocation in due:
                taken.show(revocation)
            effect = f"Programs that use {this} would stop working." if chosen else "There is nothing to revoke."
            terminal.say(f"{effect} Nothing was revoked (--dry-run).")
            chosen = []
        question = f"Programs that use {this} stop working. It is not known what other stacks manage. Revoke? [y/N] "
        if chosen and not yes and not confirmed(question, "revoked"):
            taken.refuse()
            return terminal.FAILED
        taken.is_begun = not dry_run
        client = Client(Requestor(settings))
        for revocation in due:
            if revocation.key is not None:
                taken.take(revocation, partial(revoke_key, client, revocation.key))
        if managed and not dry_run:
            terminal.say("Run `pulumi up --refresh`: it creates new keys for the resources that managed them.")
    code = taken.code(due)  # after the list was printed
    return terminal.NOT_READ if code == terminal.DONE and found.not_read else code


@dataclass(kw_only=True)
class Revocation(steps.PlannedStep):
    """The end of a key."""

    key_id: str
    key: ListedKey | None = None
    """The key; None if no list shows it."""

    def in_json(self) -> dict[str, Any]:
        """Return what `--json` shows."""
        shown = {} if self.key is None else report.values_of(listed_keys.COLUMNS, self.key)
        ended = {"revoked_by": self.author and self.author.name, "revoked_at": self.author and self.author.at}
        return {**shown, "key_id": self.key_id, "status": self.status("revoked"), "why": self.why or None, **ended}


_ENDS_OF_KEYS = ("api_key.deleted", "tenant.admin_api_key.deleted")


def _revocations(found: listed_keys.FoundKeys, ids: Sequence[str], client: Client) -> Iterator[Revocation]:
    """Give the end of each key once. Who has revoked a key that no list shows is in the audit log."""
    by_id = {key.key_id: key for key in found.keys}
    missing = [id_ for id_ in ids if id_ not in by_id]
    terminal.warn(found.not_read)
    revoked, log = dict[str, authors.Author](), "the audit log does not have its end"
    try:
        revoked = authors.newest_of(client, _ENDS_OF_KEYS, missing)
    except errors.AdminError as error:
        log = f"the audit log could not be read ({event_of(error)})"
    lists = "no list that could be read" if found.not_read else "no list of the organization"
    unknown = f"It is not known whether it exists, because {lists} shows it, and {log}. Check the id."
    for id_ in dict.fromkeys(ids):
        if id_ in by_id:
            yield Revocation(title=by_id[id_].title, key_id=id_, key=by_id[id_])
        elif id_ in revoked:
            yield Revocation(title=f"key {id_}", key_id=id_, end=steps.End.ALREADY, author=revoked[id_])
        else:
            yield Revocation(title=f"key {id_}", key_id=id_, end=steps.End.UNKNOWN, why=unknown)


def _refuse_managed(managed: Sequence[ListedKey]) -> None:
    if managed:
        listed = "; ".join(f"{key.title}: {key.managed_by}" for key in managed)
        what = f"Nothing was revoked, because resources of the stack manage {counted(len(managed), 'key')}: {listed}"
        advice = "Change or remove these resources, and run `pulumi up`. Or use --even-if-managed."
        raise errors.ConfigurationError(what, advice)


def _show_chosen(found: listed_keys.FoundKeys, chosen: Sequence[ListedKey], *, as_json: bool) -> None:
    """Print the keys that will be revoked; with JSON, which has all about them, only their names."""
    place_of = attrgetter("project_id", "owner_id")
    for key in chosen:
        if as_json:
            terminal.say(key.title)
        else:
            others = (it for it in found.keys if it != key and not it.is_expired)
            _describe(key, sum(place_of(it) == place_of(key) for it in others))
    if chosen and all(key.managed_by is None for key in chosen):
        terminal.say("No state was read, so it is not known whether a program manages these keys. --state names one.")


def confirmed(question: str, done: str) -> bool:
    """Ask the user. Without a response, an error says what was not `done`: a participle."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise errors.ConfigurationError(f"Nothing was {done}, because there was no response", "Use --yes in scripts.")
    return answer.strip().casefold() in {"y", "yes"}


def revoke_key(client: Client, key: ListedKey) -> None:
    """Revoke a key; see `deleting`."""
    own, path = {PROJECT.id_name: key.project_id}, ProjectApiKey.handler.path
    if not key.project_id:
        own, path = {}, AdminApiKey.handler.path
    address = fill(f"{path}/{{id}}", **own, id=key.key_id)
    with deleting(client, Call("GET", address, f"read {key.title}")):
        if key.project_id:
            ProjectKeys(client, path, own).revoke(key.key_id, key.created_at)
        else:
            delete_if_exists(client, Call("DELETE", address, f"revoke {key.title}"), key.created_at, {})


@contextmanager
def deleting(client: Client, shown: Call) -> Iterator[None]:
    """Delete an object, in one operation. If the response is lost, `shown` asks OpenAI whether it still exists."""
    with client.operation():
        try:
            yield
        except errors.AdminError as error:
            if not (error.may_have_acted or isinstance(error, errors.InternalServerError)):
                raise
            if not _is_gone(client, shown):
                raise


def _is_gone(client: Client, shown: Call) -> bool:
    """Return whether OpenAI says that an object does not exist. Another error says nothing about it."""
    try:
        client.send(shown)
    except errors.NotFoundError:
        return True
    except errors.AdminError:
        return False
    return False


def _describe(key: ListedKey, others: int | None = None, place: str = "") -> None:
    """Print all about a key, how many other keys its owner has where that matters, and where it was found."""
    used = ABSENT if key.last_used_at is None else _ago(key, key.last_used_at)
    rows = [
        ("value", key.redacted_value),
        ("owner", " ".join([key.owner or ABSENT, *["(no longer has access)"] * (key.owner_has_access is False)])),
        *([] if others is None else [("other keys", f"{others:,} of this owner")]),
        *([("project", key.project)] if key.project_id else []),
        ("created", ABSENT if key.created_at is None else _ago(key, key.created_at)),
        ("last used", used if key.last_used_at else key.no_use),
        ("expires", _expiry(key)),
        *([("found in", place)] if place else []),
        *([] if key.managed_by is None else [("managed by", key.managed_by or "no resource of the stack")]),
    ]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for name, text in rows:
        table.add_row("", terminal.cell(name, "dim"), terminal.cell(text))
    terminal.show(Group(terminal.cell(key.title, "bold"), table))


def _expiry(key: ListedKey) -> str:
    if key.expires_at is None:
        return ABSENT if key.never_expires else "?"
    return formats.moment_in_words(key.expires_at) + " (expired)" * key.is_expired


def _ago(key: ListedKey, seconds: int) -> str:
    return f"{formats.moment_in_words(seconds)} ({formats.age_in_words(max(key.read_at - seconds, 0))} ago)"


keys = options.DeclaredCommand("keys", _PAGE, [options.READ], list_keys, commands=[find, revoke])
