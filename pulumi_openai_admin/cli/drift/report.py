"""A resource that differs from its object at OpenAI, as it is kept on disk and shown. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.changes import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USER_IDS = "user_ids"
"""The list of a set that names users by id."""


@dataclass(frozen=True)
class Author:
    """Who changed something, and when, from the audit log."""

    name: str
    """The address of a user, or the id of a service account or of an API key."""
    at: int
    """In seconds since 1970 (UTC)."""
    event: str
    """The type of the event: `rate_limit.updated`."""
    event_id: str


@dataclass(frozen=True)
class Difference:
    """A resource that differs.

    Args:
        urn: Its URN.
        kind: Its public name: `Project`.
        name: Its name in the program.
        id: Its Pulumi id.
        project_id: The project that it is in, or is; empty for one of the organization.
        gone: Why the object is treated as deleted; empty if it exists.
        changes: The values that differ.
        notes: What the next update changes although no value differs, such as a key that was revoked.
        since: When the state was last written, in seconds since 1970; None if the state does not say.
        other_ids: Ids that OpenAI gave to what belongs to the object, such as its key.
        member_ids: Of a set, the ids of the members by the name that the program has for each.
    """

    urn: str
    kind: str
    name: str
    id: str
    project_id: str
    gone: str = ""
    changes: Sequence[Change] = ()
    notes: Sequence[str] = ()
    since: float | None = None
    other_ids: Sequence[str] = ()
    member_ids: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    """The addresses of users that a list names by id."""
    author: Author | None = None
    """Who changed the object as a whole: the newest event that is about it."""
    authors: Sequence[Author | None] = ()
    """Who changed each value; empty before the audit log was read."""

    @property
    def title(self) -> str:
        """The resource in messages."""
        return f"{self.kind} {self.name}"

    def author_of(self, index: int) -> Author | None:
        """Who changed a value."""
        return self.authors[index] if index < len(self.authors) else None

    def kept(self) -> dict[str, Any]:
        """The same for the disk."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Difference:
        """What `kept` gave."""
        paths = ("path", "spelling")
        changes = [Change(**change | {name: tuple(change[name]) for name in paths}) for change in kept["changes"]]
        authors = [Author(**author) if author else None for author in kept["authors"]]
        author = Author(**kept["author"]) if kept["author"] else None
        return cls(**{**kept, "changes": changes, "authors": authors, "author": author})

    def because(self, gone: str) -> Difference:
        """The same, of an object that no longer exists for a reason."""
        return replace(self, gone=gone)

    def with_changes(self, changes: Sequence[Change], notes: Sequence[str], ids: Mapping[str, str]) -> Difference:
        """The same, with what differs."""
        return replace(self, changes=tuple(changes), notes=tuple(notes), member_ids=ids)

    def member_of(self, change: Change) -> str | None:
        """The address of a user who was added to a list of ids, or removed from it; None if it is not known."""
        return self.people.get(str(change.before if change.after is None else change.after)) if change.is_item else None

    def naming(self, people: Mapping[str, str]) -> Difference:
        """The same, with the addresses of the users in its lists."""
        return replace(self, people={id_: people[id_] for id_ in self.user_ids if id_ in people})

    @property
    def user_ids(self) -> set[str]:
        """The users who were added to a list of ids, or removed from it."""
        items = [change for change in self.changes if change.is_item and change.path[0] == USER_IDS]
        return {str(change.before if change.after is None else change.after) for change in items}

    def written_by(self, author: Author | None, authors: Sequence[Author | None]) -> Difference:
        """The same, with who changed it."""
        return replace(self, author=author, authors=tuple(authors))

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "urn": self.urn,
            "resource": self.kind,
            "name": self.name,
            "id": self.id,
            "project_id": self.project_id or None,
            "status": "gone" if self.gone else "changed",
            "reason": self.gone or None,
            "changes": [
                {
                    "field": change.field,
                    "before": change.before,
                    "after": change.after,
                    "member": self.member_of(change),
                    "is_managed": change.is_managed,
                    **_by(self.author_of(index)),
                }
                for index, change in enumerate(self.changes)
            ],
            "notes": list(self.notes),
            **_by(self.author),
        }


def _by(author: Author | None) -> dict[str, Any]:
    if author is None:
        return {"changed_by": None, "changed_at": None, "event": None, "event_id": None}
    return {"changed_by": author.name, "changed_at": author.at, "event": author.event, "event_id": author.event_id}
