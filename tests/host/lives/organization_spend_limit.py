"""The life of an `OrganizationSpendLimit`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationSpendLimit
from tests.host.spending import life_of_limit

LIFE = life_of_limit(
    OrganizationSpendLimit,
    kind="spend_limit",
    path="/organization/spend_limit",
    parents={},
)
