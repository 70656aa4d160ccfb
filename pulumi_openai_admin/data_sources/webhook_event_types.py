"""The types of events that the webhook endpoints of a project can receive."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.config import PROJECT_KEY
from pulumi_openai_admin.data_sources.functions import ALWAYS, NO_DEFAULT, PROJECT_KEY_TEXT, Documentation
from pulumi_openai_admin.data_sources.look_up import check_project_key
from pulumi_openai_admin.data_sources.result import Shown, from_wire, result_class
from pulumi_openai_admin.handlers.keys.webhook_endpoints import EVENT_TYPES_PATH, KnownEventTypes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.look_up import Connected
    from pulumi_openai_admin.schema.constraints import Enumeration


@dataclass(frozen=True)
class EventTypesLookUp:
    """The provider function of the types, which programs read with `get_webhook_event_types`."""

    many: ClassVar[bool] = False
    name: ClassVar[str] = "get_webhook_event_types"
    path: ClassVar[str] = EVENT_TYPES_PATH
    parameters: ClassVar[dict[str, tuple[str, object]]] = {PROJECT_KEY: ("str", NO_DEFAULT)}
    choices: ClassVar[Mapping[str, Enumeration]] = {}

    @cached_property
    def result(self) -> type[Any]:
        """All types: `GetWebhookEventTypesResult`."""
        prose = "The types, in the order of OpenAI's list."
        shown = Shown("event_types", "event_types", list[str], is_optional=False, prose=prose)
        about = "The types of events that the webhook endpoints of a project can receive."
        return result_class("GetWebhookEventTypesResult", object, lambda: (about, [shown]))

    @property
    def types(self) -> tuple[type[Any], ...]:
        """The classes of what it gives."""
        return (self.result,)

    @property
    def documentation(self) -> Documentation:
        """Its documentation."""
        return Documentation(
            ["The types of events that the webhook endpoints of the project of an API key can receive."],
            {PROJECT_KEY: PROJECT_KEY_TEXT},
            f"The key can't be one of a project, {ALWAYS}",
            [self.path],
        )

    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        """The types, requested once in a run."""
        with connected(check_project_key(given[PROJECT_KEY])) as client:
            return from_wire(self.result, {"event_types": client.shared(KnownEventTypes).read(client)}, {})


QUERIES = {"WebhookEventTypes": EventTypesLookUp()}
