"""The remedies in the words of the command `pulumi-openai-admin`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.hosts.common.wording import WORDS as PULUMI_WORDS
from pulumi_openai_admin.remedies import RemedyKind, Worded, Words

if TYPE_CHECKING:
    from pulumi_openai_admin.errors import AdminError

WORDS: Words = {
    **PULUMI_WORDS,
    RemedyKind.RUN_AGAIN: "run the same command again",
    RemedyKind.CORRECT_PROGRAM: "correct the arguments and run the same command again",
}
"""The commands change nothing: what is about a program or a state is done with the Pulumi CLI."""


def describe(error: BaseException) -> str:
    """What a user of the command is shown of an error."""
    return error.in_words(WORDS) if isinstance(error, Worded) else str(error)


def advice_of(error: AdminError) -> str:
    """What to do about an error."""
    return error.guidance.in_words(WORDS)


def counted(number: int, noun: str) -> str:
    """A number with its noun, whose plural ends in `s`: `1 resource`, `2,000 resources`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
