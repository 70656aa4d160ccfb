"""The names and descriptions of strings of which a property takes one, for languages that have enumerations. Pure.

A declaration has the strings themselves (`Literal["owner", "reader"]`), and `choices` of the field describes them. Here
are the descriptions that several resources share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
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
    {
        "owner": "Manages the project.",
        "member": "Uses the project.",
        "viewer": "Reads the project.",
    },
)
RETENTION = {
    "zero_data_retention": "Zero data retention.",
    "modified_abuse_monitoring": "Modified abuse monitoring.",
    "enhanced_zero_data_retention": "Enhanced zero data retention.",
    "enhanced_modified_abuse_monitoring": "Enhanced modified abuse monitoring.",
}
"""The data retention of an organization, which a project can have, too."""
