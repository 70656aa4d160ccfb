"""Errors and counts, as the command `pulumi-openai-admin` shows them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin import remedies
from pulumi_openai_admin.engine.wording import COMMAND_LINE

if TYPE_CHECKING:
    from pulumi_openai_admin.errors import AdminError


def describe(error: BaseException) -> str:
    """What a user of the command is shown of an error."""
    return remedies.describe(error, COMMAND_LINE)


def event_of(error: AdminError) -> str:
    """What happened, without the full stop and without the advice."""
    return error.event_in(COMMAND_LINE)


def advice_of(error: AdminError) -> str:
    """What to do about an error."""
    return error.guidance.in_words(COMMAND_LINE)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 resource`, `2,000 resources`. The default plural ends in `s`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
