"""The scenarios of objects and settings that the package does not know: an `ApiObject` and an `ApiSetting`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import ApiObject, ApiSetting
from tests.host.rules import CreatedOnce, Setting
from tests.host.scenario import AnotherTeam, Drift, Scenario, Step, verbs_of_object, verbs_of_setting

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer

THINGS = "/organization/experimental_things"


def _thing(name: str, **more: Any) -> dict[str, Any]:
    return {
        "path": THINGS,
        "recognized_by": ["name"],
        "settable": ["name", "options"],
        "secrets": ["access.value"],
        "properties": {"name": name, **more},
    }


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
        "path is managed by ProjectModelPermissions": {"path": "/organization/projects/proj_demo/model_permissions"},
        "properties is empty": {"properties": {}},
        "properties['a.b'] must be the name of a property": {"properties": {"name": "first", "a.b": 1}},
        "recognized_by[0] is 'nam', which properties does not set. Did you mean name?": {"recognized_by": ["nam"]},
        "secrets[0] is 'name', which properties sets": {"secrets": ["name"]},
    },
    requests_at=THINGS,
    rule=CreatedOnce("experimental_thing", by="properties.name", kept_as="name"),
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


def _is_secret_of_a_setting(_server: EmulatorServer, secret: Any) -> bool:
    return list(secret) == ["signing_secret"]


SETTING = Scenario(
    ApiSetting,
    inputs={**_setting(mode="audit", limits={"daily": 5}), "secrets": ["signing_secret"]},
    outputs={
        **_shown(mode="audit", limits={"daily": 5, "hourly": 1}),
        "baseline": {**ORIGINALS, "limits": {"daily": 10}},
    },
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
    rule=Setting("experimental_thing_setting", {"mode": ORIGINALS["mode"]}, inside="properties"),
    verbs=verbs_of_setting(_setting(mode="audit"), _setting(mode="enforce")),
    is_live_secret=_is_secret_of_a_setting,
)
