"""The types of events that the webhook endpoints of a project can receive."""

from __future__ import annotations

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
    result = result_class(
        "GetWebhookEventTypesResult",
        object,
        lambda: (
            "The types of events that the webhook endpoints of a project can receive.",
            [Shown("event_types", "The types, in the order of OpenAI's list.", list[str])],
        ),
    )
    raises = f"The key can't be one of a project, {ALWAYS}"

    @override
    def run(self, connected: Connected, given: dict[str, Any]) -> Any:
        """The types, requested once in a run."""
        with connected(check_project_key(given[PROJECT_KEY])) as client:
            return from_wire(self.result, {"event_types": client.shared(KnownEventTypes).read(client)}, {})


QUERIES = {"WebhookEventTypes": _EventTypes()}
