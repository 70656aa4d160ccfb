"""The types of OpenAI's audit-log events about the objects of a handler."""

from __future__ import annotations

from typing import NamedTuple

_ENDS = frozenset({"deleted", "removed", "archived", "deactivated", "accepted"})
"""The ends of the types of events with which an object disappears: an invite that is accepted is no longer one."""


class AuditEvents(NamedTuple):
    """The events about one kind of object, for `drift`, which shows who changed an object or created it.

    Args:
        created: The types of the events with which an object appears. For objects that are always there: the types that
            show who changed one.
        others: The types of all other events about an object.
        reason: Why there is no event, as in "OpenAI logs no changes of settings"; empty if there are events.
        outside: The types of the events that may be of another project than the object: OpenAI logs the removal of a
            user from the organization in the default project.
    """

    created: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    reason: str = ""
    outside: tuple[str, ...] = ()

    @property
    def types(self) -> frozenset[str]:
        """The types of all events."""
        return frozenset({*self.created, *self.others})

    @property
    def ended(self) -> frozenset[str]:
        """The types of the events with which an object disappears."""
        return frozenset(type_ for type_ in self.others if type_.rpartition(".")[2] in _ENDS)

    def __or__(self, more: AuditEvents) -> AuditEvents:
        """The events of both, for an object that is managed as one of two kinds, such as a user or an invite."""
        outside = (*self.outside, *more.outside)
        return AuditEvents((*self.created, *more.created), (*self.others, *more.others), outside=outside)


NOT_LOGGED = AuditEvents(reason="OpenAI logs no event about these objects")
USER_EVENTS = AuditEvents(("user.added",), ("user.updated", "user.deleted"), outside=("user.deleted",))
KEY_EVENTS = AuditEvents(("api_key.created",), ("api_key.updated", "api_key.deleted"))
CERTIFICATE_ACTIVATION_EVENTS = AuditEvents(("certificates.activated",), ("certificates.deactivated",))
