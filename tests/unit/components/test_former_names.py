from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from pulumi_openai_admin.cli.adopt.program import Names
from pulumi_openai_admin.components.team import FormerNames

if TYPE_CHECKING:
    import pulumi

GIVEN = {"project": "web", "service_accounts.ci": "bot"}


def names(former: FormerNames, child: str, entry: str = "") -> list[str]:
    aliases = cast("list[pulumi.Alias]", former.aliases(child, entry))
    assert all(alias.parent is None for alias in aliases), "at the top of the stack"
    return [str(alias.name) for alias in aliases]


@pytest.mark.parametrize(
    ("given", "child", "entry", "expected"),
    [
        (None, "project", "", ["shop"]),
        (None, "service_accounts.ci", "ci", ["shop-ci"]),
        (None, "service_accounts.CI Bot!", "CI Bot!", ["shop-CI Bot!", "shop-ci-bot"]),
        ("web", "limits", "", ["web"]),
        ("web", "alerts.high", "high", ["web-high"]),
        (GIVEN, "project", "", ["web"]),
        (GIVEN, "limits", "", ["web"]),
        (GIVEN, "service_accounts.ci", "ci", ["bot"]),
        (GIVEN, "api_keys.ci", "ci", ["web-ci"]),
        ({"limits": "rows"}, "project", "", ["shop"]),
    ],
)
def test_the_names_of_a_child(given: Any, child: str, entry: str, expected: list[str]) -> None:
    assert names(FormerNames("shop", given), child, entry) == expected


@pytest.mark.parametrize("account", ["ci", "CI Bot", "Crème brûlée", "a/b::c", "x" * 90])
def test_an_adopted_account_has_one_of_them(account: str) -> None:
    assert Names("-").give("svc_1", f"shop {account}") in names(FormerNames("shop"), f"accounts.{account}", account)
