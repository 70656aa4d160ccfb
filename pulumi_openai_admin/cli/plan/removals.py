"""What becomes of the objects that a preview no longer declares, as their handlers say it. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import recorded
from pulumi_openai_admin.cli.plan.preview import DELETE, LEAVE, REPLACE, UPDATE, replaced_part
from pulumi_openai_admin.cli.recorded import UNKNOWN
from pulumi_openai_admin.handlers.handler import Subject
from pulumi_openai_admin.handlers.removals import DELETED, ENDED, RESTORED, Removal, combined, moved
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.cli.plan.preview import Preview, Step
    from pulumi_openai_admin.handlers.handler import Claim

LEFT = Removal("left unchanged, and no longer managed", is_lost=False)
"""The engine deletes the resource from the state only."""


class Removals:
    """What an update ends.

    Args:
        preview: The preview.
        now: The time in seconds since 1970.
    """

    def __init__(self, preview: Preview, now: float) -> None:
        self._now = now
        self._declared = Claims()
        self._others: dict[str, set[str]] = defaultdict(set)
        """By the id or the address of a person, the other one, if a state has both."""
        for step in preview.all.values():
            email, user_id = step.olds.get("email"), step.olds.get("user_id")
            if isinstance(email, str) and isinstance(user_id, str):
                self._others[user_id].add(email)
                self._others[email].add(user_id)
            if step.new and not step.is_deletion:
                self._declared.declare(step.urn)
                self._declared.add(step.urn, _claims(step, step.new.inputs))
            if step.operation == REPLACE:
                self._declared.replace(step.urn)
        self.by_urn = {
            step.urn: self.of(step) for step in preview.all.values() if step.operation in (UPDATE, DELETE, LEAVE)
        }
        """By URN, what becomes of what is no longer declared. Of an update, it counts for members that it removes."""

    def of(self, step: Step) -> Removal:
        """What becomes of what the resource of a step had before the update, if the step ends it."""
        is_deletion = step.operation != UPDATE
        class_ = recorded.resource_of(step.kind)
        try:
            remote = state.to_remote(class_.declaration, step.id, step.olds)
        except ValueError:  # of another program
            if class_.handler.traits.subject is Subject.PEOPLE:
                return ENDED
            return RESTORED if class_.handler.traits.manages_existing else DELETED
        find = self._declared.declared_elsewhere(step.urn, is_deleted=is_deletion)
        remote.step.is_declared_elsewhere = lambda claim: find(with_other_names(claim, self._others))
        removal = class_.handler.removal(remote, self._now)
        return removal if step.operation != LEAVE else _retained(removal)

    def of_replaced(self, step: Step) -> tuple[Step, Removal] | None:
        """The deletion of the old object, and what becomes of it, if a replacement declares another object."""
        deletion = replaced_part(step)
        removal = self.of(deletion)
        is_same = all(part.manager for part in removal.parts.values()) if removal.parts else removal.manager
        return None if is_same else (deletion, removal)


def with_other_names(claim: Claim, others: Mapping[str, Collection[str]]) -> Claim:
    """A claim of people with all their names.

    Args:
        claim: The claim.
        others: By the id or the address of a person, the other ones.
    """
    if not isinstance(claim, MemberClaim):
        return claim
    known = (others.get(name, ()) for name in claim.members)
    return replace(claim, members=claim.members.union(*known))


def _retained(removal: Removal) -> Removal:
    """What becomes of an object that the engine does not delete."""
    if removal.parts:
        return combined({name: _retained(part) for name, part in removal.parts.items()})
    return moved(removal.manager, removal.warning) if removal.manager else replace(LEFT, role=removal.role)


def _claims(step: Step, inputs: Mapping[str, Any]) -> Collection[Claim]:
    class_ = recorded.resource_of(step.kind)
    known = {name: value for name, value in inputs.items() if value not in (UNKNOWN, recorded.SECRET)}
    try:
        return claims_of(class_, known, state.to_document(class_.declaration, step.olds))
    except errors.ConfigurationError:  # an id that no request can have
        return ()
