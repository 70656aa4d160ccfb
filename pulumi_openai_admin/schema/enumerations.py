"""The names and descriptions of strings of which a property takes one, for languages that have enumerations. Pure.

A declaration has the strings themselves (`Literal["owner", "reader"]`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


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


_RETENTION = {
    "zero_data_retention": "Zero data retention.",
    "modified_abuse_monitoring": "Modified abuse monitoring.",
    "enhanced_zero_data_retention": "Enhanced zero data retention.",
    "enhanced_modified_abuse_monitoring": "Enhanced modified abuse monitoring.",
}
_COUNTRIES = {
    "EU": "the European Union",
    "JP": "Japan",
    "KR": "South Korea",
    "CA": "Canada",
    "SG": "Singapore",
    "IN": "India",
    "AU": "Australia",
    "GB": "the United Kingdom",
    "AE": "the United Arab Emirates",
}
_BOTH = ("EU", "JP", "IN", "AU", "AE")
"""Where OpenAI can also process data."""
_STORED = ("JP", "KR", "CA", "SG", "IN", "AU", "GB", "AE")
"""Where OpenAI can store data that it processes elsewhere."""

_DECLARED = (
    Enumeration(
        "ApiObjectPaging",
        "The property of a list page that contains the cursor of the next page.",
        {"last_id": 'In the property `"last_id"`.', "next": "In the property `next`."},
    ),
    Enumeration(
        "ExternalKeyPurpose",
        "The purpose for which OpenAI uses an external key.",
        {"ekm": "Enterprise key management.", "psp_decryption": "PSP decryption."},
    ),
    Enumeration(
        "OrganizationRole",
        "A role of a person in the organization.",
        {
            "owner": "Manages the organization, its projects and its people.",
            "reader": "Uses the projects that the person is a member of.",
        },
    ),
    Enumeration(
        "ProjectRoleName",
        "A role that OpenAI predefines in every project.",
        {
            "owner": "Manages the project.",
            "member": "Uses the project.",
            "viewer": "Reads the project.",
        },
    ),
    Enumeration("OrganizationDataRetentionType", "How OpenAI retains the data of an organization.", _RETENTION),
    Enumeration(
        "ProjectDataRetentionType",
        "How OpenAI retains the data of a project.",
        {
            "organization_default": "The data retention of the organization.",
            "none": "No data retention type, even if the organization has one.",
            **_RETENTION,
        },
    ),
    Enumeration(
        "ModelPermissionsMode",
        "The meaning of a list of models.",
        {"allow_list": "Only these models may be used.", "deny_list": "These models may not be used."},
    ),
    Enumeration(
        "ProjectResidency",
        "Where OpenAI stores and processes the data of a project.",
        {
            "GLOBAL": "Anywhere.",
            "US_STORAGE_PROCESSING": "Stored and processed in the United States.",
            **{f"{it}_STORAGE": f"Stored in {_COUNTRIES[it]}." for it in _STORED},
            **{f"{it}_STORAGE_PROCESSING": f"Stored and processed in {_COUNTRIES[it]}." for it in _BOTH},
        },
    ),
    Enumeration(
        "DefaultServiceTier",
        "The service tier of requests that do not name a tier.",
        {"standard": "Standard.", "fast": "Fast.", "scale": "Scale Tier."},
    ),
    Enumeration(
        "EnabledServiceTier",
        "A service tier that is enabled in addition to Standard.",
        {
            "all": "All tiers, including future tiers. It must be the only item of its list.",
            "flex": "Flex.",
            "fast": "Fast.",
            "ultrafast": "Ultrafast.",
        },
    ),
    Enumeration("WorkloadIdentityProviderType", "The protocol of an issuer.", {"oidc": "OpenID Connect."}),
)
"""Those of declarations."""


def of_choices(choices: Collection[str]) -> Enumeration:
    """The enumeration of the strings that a field takes: the smallest one that has them all.

    Raises:
        KeyError: There is none.
    """
    fitting = [it for it in _DECLARED if it.texts.keys() >= set(choices)]
    if not fitting:
        raise KeyError(f"No enumeration has {', '.join(choices)}: add it to {__name__}")
    return min(fitting, key=lambda it: len(it.texts))
