"""The scenario of an `ApiSetting`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ApiSetting
from tests.host.scenario import Drift, Matrix, Scenario, Step, verbs_of_setting

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.scenario import Case

PATH = "/organization/experimental_thing_settings"
ORIGINALS = {"mode": "off", "limits": {"daily": 10, "hourly": 1}}


def setting(**properties: Any) -> dict[str, Any]:
    return {"path": PATH, "properties": properties}


@dataclass(frozen=True)
class ThingSettings:
    """The setting is what the program sets, or the state says what it was before."""

    def orphans(self, _case: Case) -> set[str]:
        """None: there is one."""
        return set()

    def check(self, case: Case) -> None:
        """Hold the setting against the inputs, or against the baseline in the state."""
        found = case.server.control.live("experimental_thing_setting").get("experimental_thing_setting", {})
        now = next((content["mode"] for content in found.values()), ORIGINALS["mode"])
        if not case.outcome.error:
            wanted = {**ORIGINALS, **(case.verb.after or {}).get("properties", {})}
            assert now == wanted["mode"], case.outcome
        elif now != ORIGINALS["mode"]:
            assert case.outcome.state, case.outcome
            assert case.outcome.state["baseline"]["mode"] == ORIGINALS["mode"], case.outcome


def is_secret_of_a_setting(_server: EmulatorServer, secret: Any) -> bool:
    return list(secret) == ["signing_secret"]


SCENARIO = Scenario(
    ApiSetting,
    path=PATH,
    inputs={**setting(mode="audit", limits={"daily": 5}), "secrets": ["signing_secret"]},
    outputs={
        "path": PATH,
        "properties": {"mode": "audit", "limits": {"daily": 5}},
        "object": {
            "object": "organization.experimental_thing_settings",
            "mode": "audit",
            "limits": {"daily": 5, "hourly": 1},
            "owner": "",
        },
        "baseline": ORIGINALS,
    },
    drift=Drift({"mode": "off"}, "properties", shows={"mode": "off", "limits": {"daily": 5}}),
    steps=[
        Step(
            setting(mode="enforce"),
            {
                "properties": {"mode": "enforce"},
                "object": {
                    "object": "organization.experimental_thing_settings",
                    "mode": "enforce",
                    "limits": {"daily": 10, "hourly": 1},
                    "owner": "",
                },
                "baseline": {"mode": "off"},
            },
            writes=["POST experimental_thing_settings", "POST experimental_thing_settings"],
            keeps=("path", "secret_values"),
        ),
    ],
    replaced_by={**setting(mode="enforce"), "path": "/organization/projects/proj_demo/experimental_thing_settings"},
    replaces="path",
    bad={
        "path is missing": {"path": None},
        "path has the placeholder {id}": {"path": "/organization/{id}/settings"},
        "path is managed by ProjectDataRetention": {"path": "/organization/projects/proj_demo/data_retention"},
        "properties is missing": {"properties": None},
        "secrets[0] is 'mode', which properties sets": {"secrets": ["mode"]},
    },
    is_gone_after_delete=False,
    missing="",
    malformed="thing_settings",
    is_in_project=False,
    matrix=Matrix(
        path=PATH,
        rule=ThingSettings(),
        verbs=verbs_of_setting(setting(mode="audit"), setting(mode="enforce")),
    ),
    is_live_secret=is_secret_of_a_setting,
)
