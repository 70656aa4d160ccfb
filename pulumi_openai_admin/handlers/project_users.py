"""Users of a project or of the organization, whom a program names by id or by address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers import people
from pulumi_openai_admin.handlers.membership import MemberClaim, Membership
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client


def claim_of(place: str, where: str, wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:
    """What a resource manages that names a person by one of two selectors, `id` and `email`.

    Args:
        place: A text that says where: two resources conflict in one place only.
        where: The same in words.
        wanted: What the program sets.
        document: The person as far as known.
    """
    if len(wanted.selection) != 1:
        return None  # what the rules refuse
    ((key, value),) = wanted.selection.items()
    if not isinstance(value, str):
        return None
    is_known = str(document.get(key)).lower() == value.lower()
    known = {key: value, **(document if is_known else {})}
    names = frozenset(spelled(known[name]) for name in ("id", "email") if isinstance(known.get(name), str))
    return MemberClaim(place, f"the users of {where}", is_whole=False, members=names, one=f"user {{}} of {where}")


def spelled(name: str) -> str:
    """One spelling of what names a person: an address in lower case, an id as it is."""
    return name.lower() if "@" in name else name


@dataclass(frozen=True)
class NamedUsers(Membership):
    """Users, each named by one of two selectors; see `Membership` for the arguments."""

    def member_id(self, client: Client, remote: Remote, wanted: Wanted) -> str:  # noqa: ARG002 - the signature of the base
        """The id that the program gives, or the one of the user with the address.

        Raises:
            errors.NoMatchError: Nobody in the organization has the address.
        """
        ((key, value),) = wanted.selection.items()
        return str(value) if key == "id" else str(people.by_email(client, str(value))["id"])

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The user, by id: an address may change."""
        return {name: value for name, value in super().declared(client, remote).items() if name != "email"}

    def claim(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:
        """The user."""
        ids = {name: str(id_) for name, id_ in parents.items()}
        return claim_of(fill(self.path, **ids), describe(ids), wanted, document)

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:  # noqa: ARG002
        """The user whom the program names by address, with the id."""
        ((key, value),) = wanted.selection.items()
        return people.by_email(client, str(value)) if key == "email" else {}

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """See `Membership.require_candidate`: a user of the organization."""
        people.require_user(client, remote.id)

    def label(self, shown: Mapping[str, Any]) -> str:
        """The user's address, or the id where OpenAI shows none."""
        return str(shown["email"]).lower() if shown.get("email") else super().label(shown)

    def name_in_set(self, shown: Mapping[str, Any], known: str) -> str:
        """See `Membership.name_in_set`: an address may have changed, and is shown as it is now."""
        return known if known and ("@" not in known or not shown.get("email")) else self.label(shown)

    def ids_of(self, client: Client, names: Iterable[str], shown: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
        """The ids of users, whom the program names by id or by address.

        Raises:
            errors.NoMatchError: Nobody in the organization has one of the addresses.
        """
        ids = {self.label(row): str(row[self.identity]) for row in shown}
        if any("@" in name and name not in ids for name in names):
            ids = {**people.ids_by_email(client), **ids}
        return {
            name: name if "@" not in name else ids.get(name) or str(people.by_email(client, name)["id"])
            for name in names
        }

    def _learn(self, remote: Remote, shown: Mapping[str, Any]) -> None:
        """See `Membership._learn`; the address in lower case, as the declarations have it."""
        super()._learn(remote, shown)
        if isinstance(email := remote.attributes.get("email"), str):
            remote.attributes["email"] = email.lower()


@dataclass(frozen=True)
class ProjectUsers(NamedUsers):
    """The handler of users of a project, each with one role."""

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`: a person."""
        return not people.is_service_account(row)

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        with people.explained_user(client, remote.id):
            super()._add(client, remote, wanted)
