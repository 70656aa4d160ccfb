"""How each kind of resource is changed outside Pulumi.

The request follows from the kind: it changes what the kind's scenario in `tests/host/scenarios` changes, at the path of
the kind's handler. Where the scenario has no such change, OpenAI can't change the object, and the request deletes it.
A set loses a member.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.lifecycle import state
from tests.host.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.host.scenario import Scenario


@dataclass(frozen=True)
class Change:
    """A change of one resource outside Pulumi."""

    path: str
    """Below the base address."""
    body: Mapping[str, Any] = field(default_factory=dict)
    method: str = "POST"
    property: str = ""
    """The property that a preview has to show; empty if the resource is gone and is created again."""


def change_of(kind: str, id_: str, outputs: Mapping[str, Any]) -> Change:
    """The change of a resource.

    Args:
        kind: The name of its class.
        id_: Its Pulumi id.
        outputs: Its outputs in the state.
    """
    special = _SPECIAL.get(kind)
    if special:
        return special(outputs)
    scenario = _SCENARIOS[kind]
    handler = scenario.resource.handler
    return _without_a_member(handler, outputs) if isinstance(handler, MemberSet) else _usual(scenario, id_)


def _without_a_member(handler: MemberSet, outputs: Mapping[str, Any]) -> Change:
    path = handler.member.path.format(**outputs)
    return Change(f"{path}/{outputs[handler.members][0]}", method="DELETE", property=handler.members)


def _usual(scenario: Scenario, id_: str) -> Change:
    handler: Any = scenario.resource.handler
    parents, own_id = state.split_id(scenario.resource.declaration, id_)
    path = handler.path.format(**parents)
    if handler.traits.shows not in (Shows.ONE, Shows.ONE_OR_NONE):
        path = f"{path}/{own_id}"
    if scenario.drift is None:
        return Change(path, method="DELETE")
    return Change(path, scenario.drift.body, property=scenario.drift.property)


def _project_of(outputs: Mapping[str, Any]) -> str:
    return f"/organization/projects/{outputs['project_id']}"


def _deactivated(place: str, outputs: Mapping[str, Any]) -> Change:
    return Change(f"{place}/certificates/deactivate", {"certificate_ids": [outputs["certificate_id"]]})


_SCENARIOS = {scenario.resource.__name__: scenario for scenario in SCENARIOS}
_SPECIAL = {
    "ApiObject": lambda outputs: Change(
        f"{outputs['path']}/{outputs['object_id']}", {"name": "renamed by hand"}, property="properties"
    ),
    "ApiSetting": lambda outputs: Change(outputs["path"], {"mode": "off"}, property="properties"),
    "OrganizationCertificateActivation": lambda outputs: _deactivated("/organization", outputs),
    "OrganizationMember": lambda outputs: Change(f"/organization/invites/{outputs['invite_id']}", method="DELETE"),
    "ProjectCertificateActivation": lambda outputs: _deactivated(_project_of(outputs), outputs),
    "ProjectHostedToolPermissions": lambda outputs: Change(
        f"{_project_of(outputs)}/hosted_tool_permissions", {"web_search": {"enabled": True}}, property="web_search"
    ),
    "ProjectMembers": lambda outputs: Change(  # the program names them by address
        f"{_project_of(outputs)}/users/user-grace", {"role": "member"}, property="members"
    ),
    "ProjectRateLimits": lambda outputs: Change(
        f"{_project_of(outputs)}/rate_limits/rl-whisper-1", {"max_requests_per_1_minute": 77}, property="limits"
    ),
    "ProjectServiceAccountApiKey": lambda outputs: Change(
        f"{_project_of(outputs)}/api_keys/{outputs['api_key_id']}", method="DELETE"
    ),
}
"""Kinds that change at another path than the handler's, or whose example sets another property than the scenario."""
