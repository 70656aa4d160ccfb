"""Things that no client knows: examples of endpoints that are newer than any of them, for tests of `ApiObject`.

OpenAI does not have these paths. A collection of the organization and one of each project, and a setting of both.
"""

from __future__ import annotations

from typing import Any, Literal

from pulumi_openai_admin.emulator.api.projects import of_projects
from pulumi_openai_admin.emulator.handlers.collection import Collection, Setting
from pulumi_openai_admin.emulator.handlers.kind import Body, Name, Request
from pulumi_openai_admin.emulator.store.identifiers import new_id
from pulumi_openai_admin.emulator.store.store import Record

_EXAMPLE = "nowhere: an example of an endpoint that is newer than all clients"


class ThingOptions(Body):
    """What is nested in a thing."""

    color: Name | None = None
    size: int = 1


class ThingCreate(Body):
    """The body of a creation. `token` is never shown, and `owner` in lower case."""

    name: Name
    owner: Name | None = None
    kind: Literal["small", "large"] = "small"
    options: ThingOptions | None = None
    token: Name | None = None


class ThingUpdate(Body):
    """The body of an update: `kind` can't be changed."""

    name: Name | None = None
    options: ThingOptions | None = None
    token: Name | None = None


class ExperimentalThings(Collection):
    """A collection of the organization, and one of each project."""

    name = "experimental_thing"
    noun = "experimental thing"
    path = "/organization/experimental_things"
    id_name = "thing_id"
    id_prefix = "thing_"
    object = "organization.experimental_thing"
    described_by = _EXAMPLE
    create_body = seed_body = ThingCreate
    update_body = ThingUpdate

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


class ThingSettingsUpdate(Body):
    """The body of a change: what it omits stays as it is. `owner` is shown in lower case."""

    owner: Name | None = None
    mode: Literal["off", "audit", "enforce"] | None = None
    limits: dict[str, int] | None = None


class ExperimentalThingSettings(Setting):
    """A setting of the organization, and one of each project."""

    name = "experimental_thing_setting"
    path = "/organization/experimental_thing_settings"
    object = "organization.experimental_thing_settings"
    described_by = _EXAMPLE
    update_body = seed_body = ThingSettingsUpdate

    def default(self, parent: str) -> dict[str, Any]:
        """Start with what every organization and every project has."""
        limits = {"daily": 10, "hourly": 1}
        return {"mode": "off", "owner": "", "limits": limits, "signing_secret": f"secret-{parent or 'of-all'}"}

    def changed(self, request: Request, content: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Give the changed content: limits that are not named stay."""
        limits = {**content["limits"], **(given.get("limits") or {})}
        owner = (given.get("owner") or content["owner"]).lower()
        return {**content, **given, "limits": limits, "owner": owner}


EXPERIMENTAL_THINGS = ExperimentalThings()
PROJECT_EXPERIMENTAL_THINGS = of_projects(ExperimentalThings)
EXPERIMENTAL_THING_SETTINGS = ExperimentalThingSettings()
PROJECT_EXPERIMENTAL_THING_SETTINGS = of_projects(ExperimentalThingSettings)
