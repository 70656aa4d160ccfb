"""The types of events that the webhook endpoints of a project can receive."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin.config import PROJECT_KEY
from pulumi_openai_admin.data_sources.functions import ALWAYS, LookUp
from pulumi_openai_admin.data_sources.look_up import PROJECT_KEY_PARAMETER, check_project_key
from pulumi_openai_admin.data_sources.result import Shown, from_wire, result_class
from pulumi_openai_admin.handlers.keys.webhook_endpoints import EVENT_TYPES_PATH, KnownEventTypes

if TYPE_CHECKING:
    from pulumi_openai_admin.data_sources.look_up import Connected


class _EventTypes(LookUp):
    """The provider function `get_webhook_event_types`."""

    name = "get_webhook_event_types"
    many = False
    paths = (EVENT_TYPES_PATH,)
    about = ("The types of events that the webhook endpoints of the project of an API key can receive.",)
    asked = (PROJECT_KEY_PARAMETER,)
    raises = f"The key can't be one of a project, {ALWAYS}"

    @cached_property
    @override
    def result(self) -> type[Any]:
        prose = "The types, in the order of OpenAI's list."
        shown = Shown("event_types", prose, list[str])
        about = "The types of events that the webhook endpoints of a project can receive."
        return result_class("GetWebhookEventTypesResult", object, lambda: (about, [shown]))

    @override
    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        """The types, requested once in a run."""
        with connected(check_project_key(given[PROJECT_KEY])) as client:
            return from_wire(self.result, {"event_types": client.shared(KnownEventTypes).read(client)}, {})


QUERIES = {"WebhookEventTypes": _EventTypes()}
