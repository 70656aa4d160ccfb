"""Conditions on a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pulumi_openai_admin.schema.paths import ROOTS
from pulumi_openai_admin.similar import ratio


@dataclass(eq=False, repr=False)
class Pattern:
    """A regular expression for the whole text."""

    expression: str
    words: str
    """The condition, in words that follow "must be"."""

    def is_met(self, value: str) -> bool:
        """Return whether a text meets it."""
        return re.fullmatch(self.expression, value, re.DOTALL) is not None


class Length(NamedTuple):
    """The number of characters of a text: `Length(1, 255)`."""

    least: int
    most: int

    @property
    def words(self) -> str:
        """Return the condition, in words that follow "must be"."""
        return f"a string of {self.least} to {self.most} characters"

    def is_met(self, value: str) -> bool:
        """Return whether a text meets it."""
        return self.least <= len(value) <= self.most


Constraint = Pattern | Length
"""A condition on a text."""


@dataclass(eq=False, repr=False)
class Usual(Pattern):
    """A condition that OpenAI does not document. A text that does not meet it is sent; an error then has a hint."""

    usual: Pattern


EMAIL = Pattern(r"[^@\s]+@[^@\s]+", "an email address")
"""OpenAI decides which addresses it accepts; this pattern only refuses what is certainly not an address."""
WEB_URL = Usual(
    r"https?://[^/\s?#]+([/?#]\S*)?",
    "a URL that begins with https:// or http://",
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


@dataclass(eq=False, repr=False)
class Enumeration:
    """Strings with descriptions.

    Args:
        name: The name of the type.
        about: What the strings have in common.
        texts: The description of each string.
        called: The names of strings from which no identifier can be made.
    """

    name: str
    about: str
    texts: Mapping[str, str]
    called: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, text: str) -> str:
        """The name of a text: `zero_data_retention` as `ZeroDataRetention`."""
        parts = re.split(r"[^A-Za-z0-9]+", text.lower() if text.isupper() else text)
        return self.called.get(text) or "".join(part[:1].upper() + part[1:] for part in parts)


ORGANIZATION_ROLE = Enumeration(
    "OrganizationRole",
    "A role of a person in the organization.",
    {
        "owner": "Manages the organization, its projects and its people.",
        "reader": "Uses the projects that the person is a member of.",
    },
)
PROJECT_ROLE = Enumeration(
    "ProjectRoleName",
    "A role that OpenAI predefines in every project.",
    {"owner": "Manages the project.", "member": "Uses the project.", "viewer": "Reads the project."},
)
PROJECT_OWNER_OR_MEMBER = Enumeration(
    "ProjectOwnerOrMember",
    "A role in a project that an invite or a service account can have.",
    {role: PROJECT_ROLE.texts[role] for role in ("owner", "member")},
)
RETENTION = {
    "zero_data_retention": "Zero data retention.",
    "modified_abuse_monitoring": "Modified abuse monitoring.",
    "enhanced_zero_data_retention": "Enhanced zero data retention.",
    "enhanced_modified_abuse_monitoring": "Enhanced modified abuse monitoring.",
}
"""The data retention of an organization, which a project can have, too."""


_SPECIFICATION = "specification"
_SDK = "SDK 3.57.0"
_REFUSALS = "refusals by OpenAI (`Missing scopes: …`) that others published"
_EMULATOR = "only the emulator's predefined roles"

KNOWN: Mapping[str, str] = {
    "api.all.read": f"{_SDK}: read-only access, for the scopes of a key",
    "api.files.read": _SDK,
    "api.groups.read": f"{_SPECIFICATION}: examples of roles",
    "api.groups.write": f"{_SPECIFICATION}: examples of roles",
    "api.management.read": f"{_REFUSALS}: reads of the Administration API",
    "api.management.write": f"{_REFUSALS}: changes by the Administration API",
    "api.model.read": _REFUSALS,
    "api.model.request": f"{_SPECIFICATION} and {_SDK}: scopes in the audit log",
    "api.models.read": _EMULATOR,
    "api.organization.projects.api_keys.read": f"{_SPECIFICATION}: examples of roles of projects",
    "api.organization.projects.api_keys.write": f"{_SPECIFICATION}: examples of roles of projects",
    "api.responses.read": _REFUSALS,
    "api.responses.write": f"{_SPECIFICATION}: scopes of a new key",
    "api.roles.read": _EMULATOR,
    "api.roles.write": _EMULATOR,
    "api.threads.read": _REFUSALS,
    "api.threads.write": _REFUSALS,
    "api.usage.read": _REFUSALS,
    "api.videos.write": _REFUSALS,
    "api.webhooks.read": "others, for a key that manages webhook endpoints",
    "api.webhooks.write": "others, for a key that manages webhook endpoints",
    "model.request": _REFUSALS,
}
"""Each known name, and its source."""

_PREFIX = "api."
_ACTIONS = ("read", "write", "request", "use", "manage")
"""The actions that OpenAI's guide names."""
_ALIKE = 0.75
"""How much two parts of names have in common, from 0 to 1, so that one may be a misspelling of the other. `similar`
accepts less: it suggests a name in place of one that does not exist, and an unknown permission may exist."""


def permission_doubt(name: str) -> str:
    """What may be wrong with a name: a clause with the known name that it resembles; empty if nothing is.

    An unlisted action of a known area, and an area that resembles no known one, are not doubtful.
    """
    if name in KNOWN:
        return ""
    areas = dict.fromkeys(known.rpartition(".")[0] for known in KNOWN)
    unlisted = (f"{area}.{action}" for area in areas for action in _ACTIONS)
    alike = next((known for known in (*KNOWN, *unlisted) if _resembles(name, known)), "")
    if not alike or alike == name:
        return ""
    return f"{name!r} may be misspelled. Did you mean {alike!r}?"


def _resembles(name: str, known: str) -> bool:
    """Return whether each part of two names is equal or alike; the prefix may be missing."""
    given, wanted = (text.strip().lower().removeprefix(_PREFIX).split(".") for text in (name, known))
    return len(given) == len(wanted) and all(
        ratio(other, part) >= _ALIKE for part, other in zip(given, wanted, strict=True)
    )
