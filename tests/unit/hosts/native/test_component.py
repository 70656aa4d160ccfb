"""`TeamProject` in every language: what it declares from the inputs of a program, and the messages of wrong inputs."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi.runtime.sync_await import _ensure_event_loop

from pulumi_openai_admin.components.team_project import defaults
from pulumi_openai_admin.hosts.native import component_types
from pulumi_openai_admin.hosts.native.component import described
from pulumi_openai_admin.program.arguments import DeclarationError

EXISTING = {"projectId": "proj_1", "others": {}}


@pytest.fixture(autouse=True)
def _event_loop() -> None:
    _ensure_event_loop()  # Outputs need one, and asyncio makes none by itself once another test has closed its own


def kinds(**inputs: Any) -> list[str]:
    return [child.kind.__name__ for child in described("shop", inputs).children]


def test_every_argument_is_an_input() -> None:
    assert set(component_types.inputs()) == set(defaults())


def test_what_is_left_out_has_the_defaults_of_python() -> None:
    assert kinds() == ["Project", "ProjectModelPermissions", "ProjectRateLimits"]
    assert kinds(name=None, models=None, protect=None) == kinds()


def test_a_key_that_never_expires() -> None:
    inputs = {**EXISTING, "serviceAccounts": {"web": {"apiKey": {"neverExpires": True}}}}
    _, key = described("shop", inputs).children
    assert key.inputs["expires_in_seconds"] is None
    assert "never_expires" not in key.inputs


def test_if_all_people_are_invited_there_are_no_other_members() -> None:
    members = [{"email": "ada@example.com"}]
    assert kinds(**EXISTING, invite=True, exclusive=False, members=members) == ["OrganizationMember"]


def test_former_names_are_spelled_as_inputs() -> None:
    inputs = {"spendLimitDollars": 5, "serviceAccounts": {"a_b": {}}}
    former = {"spendLimit": "old", "serviceAccounts.a_b": "bot"}
    found = described("shop", {**inputs, "formerNames": former}).former_names
    assert found == {"spend_limit": "old", "service_accounts.a_b": "bot"}


LATER = pulumi.Output.from_input({})


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"limit": {}}, "limit is not an input of TeamProject. Did you mean 'limits'?"),
        ({"name": 5}, "name must be a string, not a number."),
        ({"spendLimitDollars": "many"}, "spendLimitDollars is 'many', not an amount in dollars. Write it as 1000 or"),
        ({"invite": "yes"}, "invite is a string. Set it to true or false."),
        ({"protect": LATER}, "protect is an Output. Set it to true or false."),
        ({"groups": LATER}, 'groups is an Output, not a mapping. Write it as {"engineering": {"groupId": "group_…"}}.'),
        ({"groups": {"eng": {"groupId": "group_1", "role": 5}}}, "groups.eng.role must be a string, not a number."),
        ({"members": {"ada@example.com": 5}}, "members[0].role must be a string, not a number."),
        ({"members": "ada@example.com"}, "members is a string, not a list or a mapping. Write it as"),
        (
            {"invite": True, "exclusive": True, "members": ["ada@example.com"]},
            "exclusive is set with invite, and people who are invited are not in the project yet. Remove one of them.",
        ),
        (
            {"alerts": {"high": {"thresholdShare": "80%", "recipients": ["a@example.com"]}}},
            "alerts.high.thresholdShare is a share of spendLimitDollars, which is not set. Set it, or",
        ),
        (
            {"alerts": {"a b": {"thresholdDollars": 5, "recipients": "a@example.com"}}},
            'alerts["a b"].recipients must be a list, not a string.',
        ),
        ({"limits": {"gpt-4o": {"maxRequestsPer1Minute": "many"}}}, 'limits["gpt-4o"].maxRequestsPer1Minute must be'),
        ({"serviceAccounts": {"web": {"apiKey": {}}}}, "serviceAccounts.web.apiKey has no lifetime. Set"),
        (
            {"serviceAccounts": {"web": {"apiKey": {"neverExpires": True, "expiresInSeconds": 5}}}},
            "serviceAccounts.web.apiKey has both expiresInSeconds and neverExpires. Set one of them.",
        ),
        ({"serviceAccounts": {"a b": {"apiKey": {"neverExpires": LATER}}}}, 'serviceAccounts["a'),
        ({"serviceAccounts": {"web": {"expiresInSeconds": 60}}}, "serviceAccounts.web has expiresInSeconds, and no"),
        ({"models": {"mode": "allow_list"}}, "models is missing modelIds. Add the missing properties."),
        ({"formerNames": ["x"]}, 'formerNames is a list, not a mapping. Write it as {"project": "shop"}.'),
        ({"formerNames": {"project": 5}}, "formerNames.project is a number, not a string. Write the name."),
        ({"projectId": "proj_1", "externalKeyId": "extkey_1"}, "externalKeyId can't be set for the project of"),
    ],
)
def test_a_wrong_input_is_named_by_its_path(inputs: dict[str, Any], told: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        described("shop", inputs)
    assert str(caught.value).startswith(told)
