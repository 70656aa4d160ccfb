"""The scenarios of objects and settings that the package does not know: an `ApiObject` and an `ApiSetting`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import ApiObject, ApiSetting
from tests.host.nothing_lost import assert_made_once, known_ids
from tests.host.scenario import AnotherTeam, Drift, Rule, Scenario, Step, verbs_of_object, verbs_of_setting

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.scenario import Case

THINGS = "/organization/experimental_things"


def _thing(name: str, **more: Any) -> dict[str, Any]:
    return {
        "path": THINGS,
        "recognized_by": ["name"],
        "settable": ["name", "options"],
        "secrets": ["access.value"],
        "properties": {"name": name, **more},
    }


@dataclass(frozen=True)
class ThingCreatedOnce(Rule):
    """Exactly one thing of the name in `properties` exists, and it is in the state, or an error names it."""

    kind: str = "experimental_thing"

    def orphans(self, case: Case) -> set[str]:
        """The things of the last inputs that are not in the state."""
        inputs = case.verb.after or case.verb.before or {}
        return self._there(case, [inputs]) - known_ids("object_id", case.outcome)

    def check(self, case: Case) -> None:
        """Hold the things of the inputs before and after against the state."""
        inputs = [inputs for inputs in (case.verb.before, case.verb.after) if inputs]
        assert_made_once(self._there(case, inputs), "object_id", case.outcome)

    def _there(self, case: Case, inputs: list[dict[str, Any]]) -> set[str]:
        names = {given["properties"]["name"] for given in inputs}
        found = case.server.control.live(self.kind).get(self.kind, {})
        return {path.rpartition("/")[2] for path, content in found.items() if content["name"] in names}


def _is_secret_of_a_thing(_server: EmulatorServer, secret: Any) -> bool:
    return list(secret) == ["access.value"] and secret["access.value"].startswith("secret-")


SECOND = {"properties": {"name": "second"}}
OBJECT = Scenario(
    ApiObject,
    inputs={**_thing("first", options={"color": "red"}), "paging": "last_id"},
    outputs={"identity": ""},
    drift=Drift(
        {"properties": {"name": "renamed by hand", "options": {"color": "blue"}}},
        body={"name": "renamed by hand", "options": {"color": "blue", "size": 3}},
    ),
    steps=(
        Step({**SECOND, "paging": None}, {"paging": "", "object": ANY}),
        Step({"settable": ["name"], "identity": "id"}, writes=()),
    ),
    another={"path": "/organization/projects/proj_demo/experimental_things"},
    bad={
        "path must be a path that begins with /organization/ or /projects/": {
            "path": "https://api.openai.com/v1/things"
        },
        "path has the placeholder {project_id}": {"path": "/organization/projects/{project_id}/things"},
        "path has the placeholder :id": {"path": "/organization/things/:id/parts"},
        "path has a query": {"path": f"{THINGS}?limit=1"},
        "path has an empty part": {"path": f"{THINGS}/"},
        "path has the part '..', which is not an id": {"path": "/organization/things/../groups"},
        "path has 'group_1', not the id of a project": {"path": "/organization/projects/group_1/things"},
        "path is managed by Group in this version": {"path": "/organization/groups"},
        "path is managed by ProjectModelPermissions": {
            "path": "/organization/projects/proj_demo/model_permissions",
        },
        "properties is empty": {"properties": {}},
        "properties['a.b'] must be the name of a property": {"properties": {"name": "first", "a.b": 1}},
        "recognized_by[0] is 'nam', which properties does not set. Did you mean name?": {"recognized_by": ["nam"]},
        "secrets[0] is 'name', which properties sets": {"secrets": ["name"]},
    },
    requests_at=THINGS,
    rule=ThingCreatedOnce(),
    verbs=verbs_of_object(lambda number: _thing(f"thing {number}"), {"properties": {"name": "renamed"}}),
    another_team={"create": AnotherTeam(given_as="properties.name")},
    is_live_secret=_is_secret_of_a_thing,
)

SETTINGS = "/organization/experimental_thing_settings"
ORIGINALS = {"mode": "off", "limits": {"daily": 10, "hourly": 1}}


def _setting(**properties: Any) -> dict[str, Any]:
    return {"path": SETTINGS, "properties": properties}


def _shown(**properties: Any) -> dict[str, Any]:
    return {"object": {"object": "organization.experimental_thing_settings", "owner": "", **properties}}


@dataclass(frozen=True)
class ThingSettings(Rule):
    """The setting is what the program sets, or the state says what it was before."""

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


def _is_secret_of_a_setting(_server: EmulatorServer, secret: Any) -> bool:
    return list(secret) == ["signing_secret"]


SETTING = Scenario(
    ApiSetting,
    inputs={**_setting(mode="audit", limits={"daily": 5}), "secrets": ["signing_secret"]},
    outputs={**_shown(mode="audit", limits={"daily": 5, "hourly": 1}), "baseline": ORIGINALS},
    drift=Drift({"properties": {"mode": "off", "limits": {"daily": 5}}}, body={"mode": "off"}),
    steps=(
        Step(
            {"properties": {"mode": "enforce"}, "secrets": None},
            {**_shown(mode="enforce", limits=ORIGINALS["limits"]), "baseline": {"mode": "off"}, "secrets": ""},
            writes=("POST experimental_thing_settings", "POST experimental_thing_settings"),
        ),
    ),
    another={"path": "/organization/projects/proj_demo/experimental_thing_settings"},
    bad={
        "path has the placeholder {id}": {"path": "/organization/{id}/settings"},
        "path is managed by ProjectDataRetention": {"path": "/organization/projects/proj_demo/data_retention"},
        "secrets[0] is 'mode', which properties sets": {"secrets": ["mode"]},
    },
    is_gone_after_delete=False,
    requests_at=SETTINGS,
    rule=ThingSettings(),
    verbs=verbs_of_setting(_setting(mode="audit"), _setting(mode="enforce")),
    is_live_secret=_is_secret_of_a_setting,
)
