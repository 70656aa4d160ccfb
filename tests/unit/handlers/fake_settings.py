"""An OpenAI with settings of a project and of the organization, which others change as well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.schema.validation import normalized
from tests.unit import fakes
from tests.unit.fakes import FakeOpenAI, error_body, through_pulumi

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client


@dataclass
class FakeSettings(FakeOpenAI):
    """What a setting is sent as `sent_…` it shows without `sent_`."""

    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By path; a path that is not here has none."""

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parent, _, kind = path.rpartition("/")
        if kind not in {"setting", "optional"}:
            return super()._answer(method, path, body)
        if parent != "/organization":
            status, content = super()._answer("GET", f"{parent}/rate_limits", None)
            if status != 200:
                return status, content
        if method == "POST":
            shown = {name.removeprefix("sent_"): value for name, value in body.items()}
            self.settings.setdefault(path, {}).update(shown)
        elif path not in self.settings:
            return 404, error_body("No such setting", "not_found")
        elif method == "DELETE":
            del self.settings[path]
            return 200, {"deleted": True}
        return 200, {"object": kind, **self.settings[path]}


def next_run(client: Client, remote: Remote) -> Client:
    """Another process, and a `remote` as the state of the engine gives it back."""
    remote.attributes = normalized(through_pulumi(remote.attributes))
    remote.memory = Memory(normalized(through_pulumi(remote.memory.to_state())))
    return fakes.next_run(client, remote)
