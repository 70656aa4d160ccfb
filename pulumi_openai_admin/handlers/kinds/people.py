"""Why OpenAI refuses a change of people: the group is the identity provider's, or the user is a service account.

OpenAI's response to such a request is not documented. So the list of groups, or of users, is read after a refusal: once
in a run, however many are refused.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.remedies import Advice, Remedy, RemedyKind
from pulumi_openai_admin.schema import ids
from pulumi_openai_admin.schema.paths import Paging
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.http.client import Client, Listing

USERS = "/organization/users"
_SCIM = "is managed by your identity provider (SCIM): OpenAI refuses changes by the API"
_SCIM_ADVICE = Advice(
    "Change the group at the identity provider. To stop managing it here, remove the resource from the program, and ",
    Remedy(RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
    ".",
)


@contextmanager
def explained_group(client: Client, group_id: str) -> Iterator[None]:
    """If OpenAI refuses a change and SCIM manages the group, say so.

    Args:
        group_id: The group.

    Raises:
        errors.PermissionDeniedError: An identity provider manages the group.
    """
    try:
        yield
    except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
        group = _listed(_groups(client), group_id) or {}
        if group.get("is_scim_managed"):
            raise _because(refusal, f"group {group.get('name', '')!r} ({group_id}) {_SCIM}", _SCIM_ADVICE) from refusal
        raise


def is_scim_managed(client: Client, group_id: str) -> bool:
    """Return whether an identity provider manages a group, as the list of groups shows it."""
    rows = _groups(client).rows()
    return bool(rows.get(group_id, {}).get("is_scim_managed"))


def _groups(client: Client) -> Listing:
    return client.listing("/organization/groups", "list the groups", {"limit": 100}, Paging.NEXT)


def require_member(client: Client, id_: str) -> None:
    """Make sure that a user who is to be in a group is in the organization.

    An id that does not have the form of a user's can be of a service account, which no list of all projects shows.

    Raises:
        errors.NoMatchError: The user is not in the organization.
    """
    if ids.USER.has_prefix_of(id_):
        require_user(client, id_)


def require_user(client: Client, user_id: str) -> None:
    """Make sure that a user is in the organization, by the list of users; not if the key may not read it.

    Raises:
        errors.NoMatchError: The user is not in it.
    """
    with suppress(errors.PermissionDeniedError):
        if (
            listing(client).find(user_id) is None
            and listing(client).find_with_refetch(lambda row: row["id"] == user_id) is None
        ):
            raise not_in_organization(f"user {user_id}")


def require_group(client: Client, group_id: str) -> None:
    """Make sure that the organization has a group, by the list of groups; not if the key may not read it.

    Raises:
        errors.NoMatchError: It has not.
    """
    with suppress(errors.PermissionDeniedError):
        rows = _groups(client).rows()
        if group_id not in rows:
            what = f"The organization has no group {group_id}"
            raise errors.NoMatchError(what, suggestion(group_id, rows, "Groups"))


@contextmanager
def explained_user(client: Client, user_id: str) -> Iterator[None]:
    """If OpenAI refuses to add a user, say whether the user is a service account, or not in the organization.

    Args:
        user_id: The user.

    Raises:
        errors.BadRequestError: The user is a service account.
        errors.NoMatchError: The user is not in the organization.
    """
    try:
        yield
    except (errors.NotFoundError, errors.BadRequestError, errors.PermissionDeniedError) as refusal:
        if ids.SERVICE_ACCOUNT.has_prefix_of(user_id):
            if isinstance(refusal, errors.NotFoundError):
                what = f"The organization has no service account {user_id}"
                raise errors.NoMatchError(
                    what, "Check the id in OpenAI's dashboard, in the account's project."
                ) from refusal
            raise
        user = _listed(listing(client), user_id)
        if user is not None and is_service_account(user):
            raise _because(refusal, f"user {user_id} is a service account", SERVICE_ACCOUNT_ADVICE) from refusal
        if user is None and isinstance(refusal, errors.NotFoundError):
            raise not_in_organization(f"user {user_id}") from refusal
        raise


SERVICE_ACCOUNT_ADVICE = (
    "Name a person. A service account belongs to its project: manage it with ProjectServiceAccount."
)


def is_service_account(user: Mapping[str, Any]) -> bool:
    """Return whether a user of the organization is a service account, which has an id like a person's (`user-…`)."""
    return bool(user.get("is_service_account"))


def listing(client: Client) -> Listing:
    """All users of the organization, shared by all resources of the run."""
    return client.listing(USERS, "list the users of the organization", {"limit": 100})


def has_address(row: Mapping[str, Any], email: str) -> bool:
    """Return whether a listed user or invite has an address; upper and lower case mean the same."""
    return str(row.get("email") or "").lower() == email.lower()


def find(client: Client, email: str) -> dict[str, Any] | None:
    """The user who has an address, as the list shows the user; None where nobody has it."""
    rows = listing(client).rows().values()
    return next((user for user in rows if has_address(user, email)), None)


def find_now(client: Client, email: str) -> dict[str, Any] | None:
    """Return the user who has an address, as a list shows the user that is read again if the first one does not."""
    return listing(client).find_with_refetch(lambda row: has_address(row, email))


def addresses(client: Client, user_id: str) -> frozenset[str]:
    """The address of a user, in lower case; empty if it is not known."""
    with suppress(errors.PermissionDeniedError):
        user = listing(client).find(user_id)
        if user and user.get("email"):
            return frozenset({str(user["email"]).lower()})
    return frozenset()


def ids_by_email(client: Client) -> dict[str, str]:
    """The ids of all users of the organization by their addresses, in lower case."""
    rows = listing(client).rows().values()
    return {str(user["email"]).lower(): str(user["id"]) for user in rows if user.get("email")}


def by_email(client: Client, email: str) -> dict[str, Any]:
    """The user of the organization who has an address.

    Raises:
        errors.NoMatchError: Nobody has it.
    """
    user = find_now(client, email)  # an invite may just have been accepted
    if user is None:
        raise not_in_organization(f"user with the address {email}")
    return user


def not_in_organization(user: str) -> errors.NoMatchError:
    """The error for a person who is not in the organization.

    Args:
        user: The person, in words: "user user-1", or an address.
    """
    what = f"The organization has no {user}"
    advice = (
        "Check the spelling, and remove a person who has left from the program. Invite a person who is not there yet, "
        "with OrganizationMember or in OpenAI's dashboard."
    )
    return errors.NoMatchError(what, advice)


def _listed(rows: Listing, id_: str) -> Mapping[str, Any] | None:
    """An object as it is listed; None where there is none, and empty where that is unknown."""
    try:
        return rows.find_with_refetch(lambda row: row["id"] == id_)
    except errors.AdminError:
        return {}


def _because(
    refusal: errors.BadRequestError | errors.PermissionDeniedError | errors.NotFoundError,
    reason: str,
    advice: str | Advice,
) -> errors.StatusError:
    return type(refusal)(f"{refusal.what}: {reason}", advice, refusal.facts)
