"""Spend limits and spend alerts: their amounts are in cents, and messages show dollars, too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.handlers.optional_setting import OptionalSetting
from pulumi_openai_admin.handlers.restoration import bounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_AMOUNT = "threshold_amount"
_RECIPIENTS = "notification_channel.recipients"
_SUBJECT_PREFIX = "notification_channel.subject_prefix"
_CONSTANTS = {"currency": "USD", "interval": "month"}


def cents(amount: int) -> str:
    """An amount for messages: "20000 cents ($200.00)"."""
    return f"{amount} cents (${amount / 100:,.2f})"


@dataclass(frozen=True)
class SpendLimit(OptionalSetting):
    """The handler of a spend limit.

    Args:
        path: Where the limit is.
    """

    noun: str = "spend limit"
    settable: tuple[str, ...] = (_AMOUNT,)
    constants: Mapping[str, Any] = field(default_factory=lambda: _CONSTANTS)

    def told(self, name: str, value: Any) -> str:  # noqa: ARG002 - a limit has nothing else
        """The amount in cents and dollars."""
        return cents(value)


@dataclass(frozen=True)
class SpendAlerts(Collection):
    """The handler of spend alerts. They have no name and show no time, so one is recognized by all that is sent of it.

    Args:
        path: Where alerts are created and listed.
    """

    is_dated: ClassVar[bool] = False

    noun: str = "spend alert"
    settable: tuple[str, ...] = (_AMOUNT, _RECIPIENTS, _SUBJECT_PREFIX)
    recognized_by: tuple[str, ...] = (_AMOUNT, _RECIPIENTS)
    identity: str = "id"
    constants: Mapping[str, Any] = field(default_factory=lambda: {**_CONSTANTS, "notification_channel.type": "email"})

    def _fits(self, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether all of an alert is as it was sent; an empty prefix is none."""
        shown, sent = documents.get(row, _SUBJECT_PREFIX), body.get(_SUBJECT_PREFIX)
        return super()._fits(remote, row, body) and (shown or None) == (sent or None)

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send all of the alert, since an update replaces all of it: a prefix that the program does not set is kept."""
        known = {name: value for name in self.settable if (value := remote.get(name)) is not None}
        super()._settle(client, remote, replace(wanted, settings={**known, **wanted.settings}))

    def _called(self, body: Mapping[str, Any]) -> object:
        """The amount in cents and dollars, and the recipients."""
        return f"{cents(body[_AMOUNT])} for {bounded(', ', sorted(body[_RECIPIENTS]))}"

    @property
    def _recognition(self) -> str:
        return "amount and recipients"
