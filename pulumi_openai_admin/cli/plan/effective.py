"""What an update changes in the permissions of people and service accounts. Pure.

It counts the roles and groups that the preview shows. OpenAI does not document the permissions of base roles: an owner
is taken to have all, and what other base roles may permit is said beside a change, not as a change.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.access.permissions import EVERY, NOT_KNOWN, ORGANIZATION, HeldRole
from pulumi_openai_admin.cli.members_table import Grant
from pulumi_openai_admin.cli.plan.assignments import OrganizationChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.cli.plan.assignments import Assignment, RecordedResource, Situation

Route = tuple["Assignment", str | None]
"""A role, and the group that it comes from."""


@dataclass(frozen=True)
class EffectiveChange:
    """Permissions that a person or an account loses or gains in a place, for one reason."""

    place: str
    """The id or URN of the project; empty for the organization."""
    who: str
    is_loss: bool
    permissions: tuple[str, ...]
    reason: str


def effective_changes(records: Iterable[RecordedResource]) -> list[EffectiveChange]:
    """What changes for whom: by person, then by place."""
    organization = OrganizationChange(records)
    sides = organization.before, organization.after
    found: list[EffectiveChange] = []
    for who in organization.principals():
        before, after = (_routes(side, who) for side in sides)
        places = sorted({place for place, _ in [*before, *after]} - {ORGANIZATION})
        for place in (ORGANIZATION, *places):
            lost = _difference(before, after, place)
            gained = _difference(after, before, place)
            found += _grouped(organization, who, place, lost, is_loss=True)
            found += _grouped(organization, who, place, gained, is_loss=False)
    return found


Routes = dict[tuple[str, str], list[Route]]
"""By place and permission, the roles that it comes from."""


def _routes(side: Situation, who: str) -> Routes:
    found: Routes = defaultdict(list)
    for item, group in side.held_by(who):
        for permission in side.roles.permissions(HeldRole(item.place, Grant(item.role))):
            found[item.place, permission].append((item, group))
    return found


def _in(routes: Routes, place: str) -> dict[str, list[Route]]:
    """What somebody has in a place: in a project, what the organization gives counts, too."""
    found: dict[str, list[Route]] = {}
    for (where, permission), through in routes.items():
        if where in (ORGANIZATION, place):
            found.setdefault(permission, []).extend(through)
    return found


def _difference(first: Routes, second: Routes, place: str) -> Mapping[str, list[Route]]:
    """What somebody has in a place in the first situation only.

    What differs in the organization is omitted of projects. `EVERY` stands for all other permissions.
    """
    ours, others = _in(first, place), _in(second, place)
    if EVERY in others:
        return {}
    said = {*others, NOT_KNOWN}
    if place != ORGANIZATION:
        said |= {*_difference(first, second, ORGANIZATION)}
    if EVERY in ours:
        return {EVERY: ours[EVERY]} if EVERY not in said else {}
    return {name: through for name, through in ours.items() if name not in said}


def _grouped(
    organization: OrganizationChange, who: str, place: str, changed: Mapping[str, list[Route]], *, is_loss: bool
) -> Iterator[EffectiveChange]:
    """The permissions that change for the same reason, as one change."""
    reasons: dict[str, list[str]] = defaultdict(list)
    names = [EVERY] if EVERY in changed else sorted(changed)
    for permission in names:
        parts = dict.fromkeys(_reason(organization, who, route, is_loss=is_loss) for route in changed[permission])
        doubt = _doubt(organization, who, place, permission, is_loss=is_loss)
        reasons["; ".join([*parts, *doubt])].append(permission)
    for reason, permissions in reasons.items():
        yield EffectiveChange(place, organization.name(who), is_loss, tuple(permissions), reason)


def _reason(organization: OrganizationChange, who: str, route: Route, *, is_loss: bool) -> str:
    """Why a role no longer gives a permission, or gives it from now on."""
    item, group = route
    with_it, without = (organization.before, organization.after)[:: 1 if is_loss else -1]
    role = with_it.roles.name(HeldRole(item.place, Grant(item.role)))
    if item.place in without.projects:
        return "the project is archived" if is_loss else "the project is new"
    if group is not None and group not in without.groups.get(who, ()):
        return f"{'leaves' if is_loss else 'joins'} {organization.name(group)}"
    if item not in without.assigned:
        if group is not None:
            return f"{organization.name(group)} {'loses' if is_loss else 'gets'} the role {role}"
        return f"{'loses' if is_loss else 'gets'} the role {role}"
    return f"the role {role} {'loses' if is_loss else 'gets'} it"


def _doubt(organization: OrganizationChange, who: str, place: str, permission: str, *, is_loss: bool) -> Iterator[str]:
    """What a reader may take a change for, and it is not: the permission may come from elsewhere, too."""
    other = organization.after if is_loss else organization.before
    routes = _routes(other, who)
    through = _in(routes, place).get(NOT_KNOWN, [])
    names = sorted({other.roles.name(HeldRole(item.place, Grant(item.role))) for item, _ in through})
    if names and permission != EVERY:
        role = "the role" if len(names) == 1 else "the roles"
        yield f"{role} {', '.join(names)} may {'' if is_loss else 'already '}have it"
    places = sorted({organization.name(where) for where, name in routes if where and name in (permission, EVERY)})
    if place == ORGANIZATION and places:
        yield f"{'still' if is_loss else 'already'} {'has' if is_loss else 'had'} it in {', '.join(places)}"
