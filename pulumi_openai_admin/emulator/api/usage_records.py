"""Usage records: what was used of OpenAI's APIs, once or at regular intervals.

No call of the Administration API makes them: a seed does, and the control API.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model, model_validator
from typing_extensions import Self

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.usage_apis import APIS, Level, Size, Source
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.buckets import Series
from pulumi_openai_admin.emulator.handlers.kind import Kind
from pulumi_openai_admin.emulator.store.identifiers import digest, new_id
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.api.usage_apis import UsageApi
    from pulumi_openai_admin.emulator.handlers.operation import Operation, Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization

_AMOUNTS = tuple(dict.fromkeys(amount for api in APIS.values() for amount in api.amounts))
_WHEN = frozenset({"api", "seconds_ago", "every_seconds", "times"})


class _Used(Body):
    api: Literal[tuple(APIS)] = "completions"  # type: ignore[valid-type]
    project_id: str
    user_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    batch: bool = False
    service_tier: str = "default"
    api_source: Literal["agents_api", "unlabeled"] = "unlabeled"
    size: Size | None = None
    source: Source | None = None
    vector_store_id: str | None = None
    context_level: Level | None = None
    seconds_ago: Annotated[int, Field(ge=0)] = 0
    every_seconds: Annotated[int, Field(ge=1)] | None = None
    """Again and again from then on, as the clock moves; null for once."""
    times: Annotated[int, Field(ge=1)] | None = None
    """How often then; null without an end."""

    @model_validator(mode="after")
    def _is_of_one_api(self) -> Self:
        api = APIS[self.api]
        strange = self.model_fields_set - {*api.dimensions, *api.amounts, *_WHEN}
        if strange:
            raise ValueError(f"Usage of {api.name} has no '{min(strange)}'.")
        if any(amount < 0 for amount in api.measured(self.given()).values()):
            raise ValueError("A part of the tokens cannot be more than all of them.")
        return self


UsageRecord = create_model(
    "UsageRecord",
    __base__=_Used,
    **dict.fromkeys(_AMOUNTS, (Annotated[int, Field(ge=0)], 0)),  # type: ignore[call-overload]
)


class UsageRecords(Kind):
    """What the reports of usage and costs are computed from."""

    name = "usage_record"
    path = "/organization/usage"
    seed_body = UsageRecord

    def operations(self) -> list[Operation]:
        """Offer nothing: the API only shows sums."""
        return []

    def keep(self, request: Request, record_id: str | None = None) -> Record:
        """Keep what was used."""
        record = Record(self.name, record_id or new_id("usage_"), content=self._content(request))
        request.organization.store.insert(record)
        return record

    def add(self, request: Request) -> Record:
        """Keep what was used, in one record for each minute: many single calls leave spend limits fast."""
        content, store = self._content(request), request.organization.store
        if content["times"] != 1:
            return self.keep(request)
        alike = json.dumps([content["api"], content["at"] // 60, content["dimensions"]])
        record = store.get(self.name, f"usage_{digest(alike)[:32]}")
        if record is None:
            return self.keep(request, f"usage_{digest(alike)[:32]}")
        record.content["amounts"] = {
            name: amount + content["amounts"][name] for name, amount in record["amounts"].items()
        }
        store.update(record)
        return record

    def _content(self, request: Request) -> dict[str, Any]:
        """Give what was used; the project has to exist, and not to be archived."""
        body, store = request.body, request.organization.store
        project = store.get(PROJECTS.name, body.project_id)
        if project is None:
            raise PROJECTS.missing(request, body.project_id)
        PROJECTS.admit(request, project)
        api = APIS[body.api]
        content: dict[str, Any] = {
            "api": api.name,
            "at": request.now - body.seconds_ago,
            "every": body.every_seconds or 1,
            "times": body.times if body.every_seconds else 1,
            "dimensions": {name: getattr(body, name) for name in api.dimensions},
            "amounts": {name: getattr(body, name) for name in api.amounts},
        }
        if "num_model_requests" in api.amounts and "num_model_requests" not in body.model_fields_set:
            content["amounts"]["num_model_requests"] = 1
        return content

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Keep what a seed says was used; no limit stops it."""
        return self.keep(request, record_id)

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Leave it out of what exists: it is no object of the API."""
        return False

    def recorded(self, organization: Organization) -> Iterator[tuple[UsageApi, Series]]:
        """Give what was used of which API, with all that is measured of it."""
        for record in organization.store.children(self.name):
            api, measured = APIS[record["api"]], APIS[record["api"]].measured(record["amounts"])
            yield api, Series(record["at"], record["every"], record["times"], record["dimensions"], measured)


USAGE_RECORDS = UsageRecords()
