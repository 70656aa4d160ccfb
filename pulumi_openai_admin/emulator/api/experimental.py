"""Things that no client knows: examples of endpoints that are newer than any of them, for tests of `ApiObject`.

OpenAI does not have these paths. A collection of the organization and one of each project, and a setting of both.
"""

from __future__ import annotations

from typing import Any, Literal

from pulumi_openai_admin.emulator.api.projects import of_projects
from pulumi_openai_admin.emulator.handlers.bodies import Name, body, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection, Setting
from pulumi_openai_admin.emulator.handlers.kind import Request
from pulumi_openai_admin.emulator.store.identifiers import new_id
from pulumi_openai_admin.emulator.store.store import Record

_EXAMPLE = "nowhere: an example of an endpoint that is newer than all clients"


_OPTIONS = body("ThingOptions", color=optional(Name), size=(int, 1))
_CHANGED = {"options": optional(_OPTIONS), "token": optional(Name)}


class ExperimentalThings(Collection):
    """A collection of the organization, and one of each project. `token` is never shown, and `owner` in lower case."""

    name = "experimental_thing"
    noun = "experimental thing"
    path = "/organization/experimental_things"
    id_name = "thing_id"
    id_prefix = "thing_"
    object = "organization.experimental_thing"
    described_by = _EXAMPLE
    create_body = seed_body = body(
        "ThingCreate", name=Name, owner=optional(Name), kind=(Literal["small", "large"], "small"), **_CHANGED
    )
    update_body = body("ThingUpdate", name=optional(Name), **_CHANGED)

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new thing's content, with a secret that is shown once."""
        content = super().content(request)
        content["_token"] = content.pop("token")
        owner = content["owner"] and content["owner"].lower()
        return {**content, "owner": owner, "_value": new_id("secret-")}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        changed = super().changed(request, record, given)
        if "token" in changed:
            changed["_token"] = changed.pop("token")
        return changed

    def show_created(self, request: Request, record: Record) -> dict[str, Any]:
        return {**self.show(request, record), "access": {"value": record["_value"]}}


class ExperimentalThingSettings(Setting):
    """A setting of the organization, and one of each project. `owner` is shown in lower case."""

    name = "experimental_thing_setting"
    path = "/organization/experimental_thing_settings"
    object = "organization.experimental_thing_settings"
    described_by = _EXAMPLE
    update_body = seed_body = body(
        "ThingSettingsUpdate",
        owner=optional(Name),
        mode=optional(Literal["off", "audit", "enforce"]),
        limits=optional(dict[str, int]),
    )

    def default(self, parent: str) -> dict[str, Any]:
        """Start with what every organization and every project has."""
        limits = {"daily": 10, "hourly": 1}
        return {"mode": "off", "owner": "", "limits": limits, "signing_secret": f"secret-{parent or 'of-all'}"}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Give the changed content: limits that are not named stay."""
        content = record.content
        limits = {**content["limits"], **(given.get("limits") or {})}
        owner = (given.get("owner") or content["owner"]).lower()
        return {**content, **given, "limits": limits, "owner": owner}


EXPERIMENTAL_THINGS = ExperimentalThings()
PROJECT_EXPERIMENTAL_THINGS = of_projects(ExperimentalThings)
EXPERIMENTAL_THING_SETTINGS = ExperimentalThingSettings()
PROJECT_EXPERIMENTAL_THING_SETTINGS = of_projects(ExperimentalThingSettings)
