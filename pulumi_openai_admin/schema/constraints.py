"""Conditions on a text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from pulumi_openai_admin.http.paths import ROOTS


class Constraint(Protocol):
    """A condition on a text."""

    @property
    def words(self) -> str:
        """The condition, in words that follow "must be"."""
        ...

    def is_met(self, value: str) -> bool:
        """Whether a text meets it."""
        ...


@dataclass(frozen=True)
class Pattern:
    """A regular expression for the whole text."""

    expression: str
    words: str

    def is_met(self, value: str) -> bool:
        """See `Constraint.is_met`."""
        return re.fullmatch(self.expression, value, re.DOTALL) is not None


@dataclass(frozen=True)
class Length:
    """The number of characters of a text: `Length(1, 255)`."""

    least: int
    most: int

    @property
    def words(self) -> str:
        """See `Constraint.words`."""
        return f"a string of {self.least} to {self.most} characters"

    def is_met(self, value: str) -> bool:
        """See `Constraint.is_met`."""
        return self.least <= len(value) <= self.most


@dataclass(frozen=True)
class Usual:
    """A condition that OpenAI does not document. A text that does not meet it is sent; an error then has a hint.

    Args:
        accepted: The condition that a text has to meet.
        usual: The condition that strings usually meet.
    """

    accepted: Constraint
    usual: Constraint

    @property
    def words(self) -> str:
        """See `Constraint.words`."""
        return self.accepted.words

    def is_met(self, value: str) -> bool:
        """See `Constraint.is_met`."""
        return self.accepted.is_met(value)


EMAIL = Pattern(r"[^@\s]+@[^@\s]+", "an email address")
"""OpenAI decides which addresses it accepts; this pattern only refuses what is certainly not an address."""
WEB_URL = Usual(
    Pattern(r"https?://[^/\s?#]+([/?#]\S*)?", "a URL that begins with https:// or http://"),
    Pattern(r"https://.*", "an https:// URL"),
)
PROJECT_API_KEY = Pattern(r"(?!sk-admin-)[\x21-\x7e]+", "the API key of a project, not an Admin API key")
EMAIL_IN_ID = Pattern(r"[^@\s/]+@[^@\s/]+", EMAIL.words)
"""The same for an address that is a part of a Pulumi id, in which slashes separate the parts."""
API_PATH = Pattern(rf"({'|'.join(ROOTS)}).+", f"a path that begins with {' or '.join(ROOTS)}, without the base URL")
"""A path of the Administration API; `UndeclaredPath` (`schema/rules.py`) checks the rest of it."""
PROPERTY = Pattern(r"[A-Za-z0-9_-]+", "the name of a property, as OpenAI spells it")
PEM_CERTIFICATE = Pattern(
    r"((?!-----BEGIN).)*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----((?!-----BEGIN).)*",
    "one certificate in PEM format",
)
"""The format allows text around a certificate (RFC 7468). OpenAI takes single certificates, no chains."""
