"""The scenario of an `ApiObject`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ApiObject
from tests.host.nothing_lost import assert_made_once, known_ids
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.scenario import Case

PATH = "/organization/experimental_things"
KNOWN = {
    "path": PATH,
    "recognized_by": ["name"],
    "settable": ["name", "options"],
    "secrets": ["access.value"],
}


def thing(name: str, **more: Any) -> dict[str, Any]:
    return {**KNOWN, "properties": {"name": name, **more}}


@dataclass(frozen=True)
class ThingCreatedOnce:
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


def is_secret_of_a_thing(_server: EmulatorServer, secret: Any) -> bool:
    return list(secret) == ["access.value"] and secret["access.value"].startswith("secret-")


SCENARIO = Scenario(
    ApiObject,
    path=f"{PATH}/{{id}}",
    inputs={**thing("first", options={"color": "red"}), "paging": "last_id"},
    outputs={
        "path": PATH,
        "properties": {"name": "first", "options": {"color": "red"}},
        "identity": "",
        "paging": "last_id",
    },
    drift=Drift(
        {"name": "renamed by hand", "options": {"color": "blue", "size": 3}},
        "properties",
        shows={"name": "renamed by hand", "options": {"color": "blue"}},
    ),
    steps=[
        Step(
            thing("second"),
            {"properties": {"name": "second"}, "paging": ""},
            writes=["POST experimental_things"],
            keeps=("object_id", "secret_values"),
        ),
        Step(
            {**thing("second"), "settable": ["name"], "identity": "id"},
            {"properties": {"name": "second"}, "identity": "id"},
            writes=[],
            keeps=("object_id", "secret_values", "object"),
        ),
    ],
    replaced_by={**thing("second"), "path": "/organization/projects/proj_demo/experimental_things"},
    replaces="path",
    bad={
        "path is missing": {"path": None},
        "path must be a path that begins with /organization/ or /projects/": {
            "path": "https://api.openai.com/v1/things"
        },
        "path has the placeholder {project_id}": {"path": "/organization/projects/{project_id}/things"},
        "path has the placeholder :id": {"path": "/organization/things/:id/parts"},
        "path has a query": {"path": f"{PATH}?limit=1"},
        "path has an empty part": {"path": f"{PATH}/"},
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
        "paging must be 'last_id' or 'next', not 'x'": {"paging": "x"},
    },
    missing=f"{PATH}/thing_none",
    malformed="thing_none",
    is_in_project=False,
    matrix=Matrix(
        path=PATH,
        rule=ThingCreatedOnce(),
        verbs=(
            Verb("create", None, thing("t-made"), "POST"),
            Verb("create-list", None, thing("t-listed"), "GET"),
            Verb("read", thing("t-read"), thing("t-read"), "GET", "{id}"),
            Verb("rename", thing("t-old"), thing("t-renamed"), "POST", "{id}"),
            Verb("delete", thing("t-deleted"), None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, thing("shop"), PATH, {}, given_as="properties.name")},
    is_live_secret=is_secret_of_a_thing,
)
