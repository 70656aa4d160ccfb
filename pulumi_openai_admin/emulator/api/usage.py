"""What was used of OpenAI's APIs and what it costs, as reports; its limits: alerts, which stop nothing, and hard ones.

No call of the Administration API records usage: a seed does, and the control API. The prices are the emulator's own,
the same for all models: US dollars for one of what is counted. Requests to OpenAI's APIs are refused when a month's
costs have reached a hard limit.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from pulumi_openai_admin.emulator.api.keys import note_use
from pulumi_openai_admin.emulator.api.projects import PROJECTS, of_projects
from pulumi_openai_admin.emulator.handlers.bodies import Body, body, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection, OptionalSetting
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Kind, Operation, Organization, Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastId, Report, Series, Sums, Width
from pulumi_openai_admin.emulator.store.identifiers import digest, new_id
from pulumi_openai_admin.emulator.store.store import Record

Size = Literal["256x256", "512x512", "1024x1024", "1792x1792", "1024x1792"]
Source = Literal["image.generation", "image.edit", "image.variation"]
Level = Literal["low", "medium", "high"]

FILTERS: Mapping[str, tuple[str, Any]] = {
    "project_id": ("project_ids", list[str]),
    "user_id": ("user_ids", list[str]),
    "api_key_id": ("api_key_ids", list[str]),
    "model": ("models", list[str]),
    "batch": ("batch", bool),
    "vector_store_id": ("vector_store_ids", list[str]),
    "size": ("sizes", list[Size]),
    "source": ("sources", list[Source]),
    "context_level": ("context_levels", list[Level]),
    "line_item": ("line_items", list[str]),
}
"""For each dimension that a report can be narrowed to: the parameter, and its type."""


@dataclass(frozen=True)
class Price:
    """What one of something that is counted costs, and how the costs name it."""

    counted: str
    dollars: str
    item: str
    unit: str | None = None


@dataclass(frozen=True)
class UsageApi:
    """One API whose usage is reported."""

    name: str
    dimensions: tuple[str, ...]
    amounts: tuple[str, ...]
    prices: tuple[Price, ...] = ()
    object: str = ""
    """Its name in `object` of the results, where it is another one."""

    def measured(self, counted: Mapping[str, int]) -> dict[str, int]:
        shown = {name: counted.get(name, 0) for name in self.amounts}
        return {**shown, **_kinds_of_tokens(shown)} if "output_tokens" in self.amounts else shown


def _kinds_of_tokens(counted: Mapping[str, int]) -> dict[str, int]:
    """Give what follows from the tokens that were counted: text is what is neither audio nor image."""
    cached, written = counted["input_cached_tokens"], counted["input_cache_write_tokens"]
    uncached = counted["input_tokens"] - cached - written

    def text(tokens: int, where: str) -> int:
        return tokens - counted[f"{where}_audio_tokens"] - counted[f"{where}_image_tokens"]

    return {
        "input_uncached_tokens": uncached,
        "input_cache_write_30m_tokens": written,
        "input_cache_write_12h_tokens": 0,
        "input_text_tokens": text(uncached, "input"),
        "input_cached_text_tokens": text(cached, "input_cached"),
        "output_text_tokens": text(counted["output_tokens"], "output"),
    }


_OWNERS = ("project_id", "user_id", "api_key_id")
_MODEL = (*_OWNERS, "model")
_GENERATED = (*_MODEL, "batch", "service_tier", "api_source")
_REQUESTS = "num_model_requests"
_TOKENS = (
    "input_tokens",
    "output_tokens",
    "input_cached_tokens",
    "input_cache_write_tokens",
    "input_audio_tokens",
    "input_cached_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens",
    "input_cached_image_tokens",
    "output_image_tokens",
    _REQUESTS,
)
_TOKEN_PRICES = (
    Price("input_uncached_tokens", "0.0000025", "input_tokens", "tokens"),
    Price("input_cached_tokens", "0.00000125", "cached_input_tokens", "tokens"),
    Price("input_cache_write_tokens", "0.0000025", "cache_write_tokens", "tokens"),
    Price("output_tokens", "0.00001", "output_tokens", "tokens"),
)
_EMBEDDED = Price("input_tokens", "0.00000002", "input_tokens", "tokens")
_IMAGES = Price("images", "0.04", "images", "images")
_SPOKEN = Price("characters", "0.000015", "characters", "characters")
_HEARD = Price("seconds", "0.0001", "seconds", "duration_seconds")
_SESSIONS = Price("num_sessions", "0.03", "sessions")
_STORED = Price("usage_bytes", "0.0000000001", "bytes")
_SEARCHED = Price("num_requests", "0.0025", "calls")
_BROWSED = Price("num_requests", "0.01", "calls")

_APIS = (
    UsageApi("completions", _GENERATED, _TOKENS, _TOKEN_PRICES),
    UsageApi("decisions", _GENERATED, _TOKENS, _TOKEN_PRICES),
    UsageApi("embeddings", _MODEL, ("input_tokens", _REQUESTS), (_EMBEDDED,)),
    UsageApi("moderations", _MODEL, ("input_tokens", _REQUESTS)),
    UsageApi("images", (*_MODEL, "size", "source"), ("images", _REQUESTS), (_IMAGES,)),
    UsageApi("audio_speeches", _MODEL, ("characters", _REQUESTS), (_SPOKEN,)),
    UsageApi("audio_transcriptions", _MODEL, ("seconds", _REQUESTS), (_HEARD,)),
    UsageApi("code_interpreter_sessions", ("project_id",), ("num_sessions",), (_SESSIONS,)),
    UsageApi("vector_stores", ("project_id",), ("usage_bytes",), (_STORED,)),
    UsageApi("file_search_calls", (*_OWNERS, "vector_store_id"), ("num_requests",), (_SEARCHED,), "file_searches"),
    UsageApi(
        "web_search_calls",
        (*_MODEL, "context_level", "api_source"),
        ("num_requests", _REQUESTS),
        (_BROWSED,),
        "web_searches",
    ),
)
APIS: Mapping[str, UsageApi] = {api.name: api for api in _APIS}


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


UsageRecord = body("UsageRecord", _Used, **dict.fromkeys(_AMOUNTS, (Annotated[int, Field(ge=0)], 0)))


class UsageRecords(Kind):
    """What the reports of usage and costs are computed from."""

    name = "usage_record"
    path = "/organization/usage"
    seed_body = UsageRecord

    def seed(self, request: Request, record_id: str | None = None) -> Record:
        """Keep what was used; no limit stops it."""
        record = Record(self.name, record_id or new_id("usage_"), content=self._content(request))
        request.store.insert(record)
        return record

    @action("POST", "/_emulator/usage", body=UsageRecord, takes_no_body=False)
    def use(self, request: Request) -> dict[str, Any]:
        """Record a request to one of OpenAI's APIs, or refuse it where a spend limit is reached."""
        PROJECT_SPEND_LIMIT.refuse_spending(request.organization, request.body.project_id)
        ORGANIZATION_SPEND_LIMIT.refuse_spending(request.organization, "")
        return {"id": self._add(request).id}

    def _add(self, request: Request) -> Record:
        """Keep what was used, in one record for each minute: many single calls leave spend limits fast."""
        content, store = self._content(request), request.store
        if content["times"] != 1:
            return self.seed(request)
        alike = digest(json.dumps([content["api"], content["at"] // 60, content["dimensions"]]))
        record = store.get(self.name, f"usage_{alike[:32]}")
        if record is None:
            return self.seed(request, f"usage_{alike[:32]}")
        sums = Counter(record["amounts"])
        sums.update(content["amounts"])
        store.change(record, amounts=dict(sums))
        return record

    def _content(self, request: Request) -> dict[str, Any]:
        """Give what was used; the project has to exist, and not to be archived."""
        body = request.body
        PROJECTS.usable(request, body.project_id)
        api = APIS[body.api]
        key = request.store.get("api_key", body.api_key_id, body.project_id) if body.api_key_id else None
        if key is not None:
            note_use(request.store, key, request.now - body.seconds_ago)
        content: dict[str, Any] = {
            "api": api.name,
            "at": request.now - body.seconds_ago,
            "every": body.every_seconds or 1,
            "times": body.times if body.every_seconds else 1,
            "dimensions": {name: getattr(body, name) for name in api.dimensions},
            "amounts": {name: getattr(body, name) for name in api.amounts},
        }
        if _REQUESTS in api.amounts and _REQUESTS not in body.model_fields_set:
            content["amounts"][_REQUESTS] = 1
        return content

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Omit it from the existing objects: it is no object of the API."""
        return False

    def recorded(self, organization: Organization) -> Iterator[tuple[UsageApi, Series]]:
        """Give what was used of which API, with all that is measured of it."""
        for record in organization.store.children(self.name):
            api, measured = APIS[record["api"]], APIS[record["api"]].measured(record["amounts"])
            yield api, Series(record["at"], record["every"], record["times"], record["dimensions"], measured)


USAGE_RECORDS = UsageRecords()


class Usage(Kind):
    """What was used, by time."""

    name = "usage"
    path = "/organization/usage"

    def operations(self) -> list[Operation]:
        """Give one operation for each API: they can only be read."""
        return [self._operation(api) for api in APIS.values()]

    def _operation(self, api: UsageApi) -> Operation:
        filters = {name: FILTERS[name] for name in api.dimensions if name in FILTERS}
        report = Report(api.dimensions, filters)

        def answer(request: Request) -> dict[str, Any]:
            """Show the usage of one API in buckets of time."""
            recorded = USAGE_RECORDS.recorded(request.organization)
            found = (series for of, series in recorded if of is api)
            return report.page(request.query, request.now, found, show)

        def show(group: Mapping[str, Any], sums: Sums) -> dict[str, Any]:
            grouped = {name: group.get(name) for name in api.dimensions}
            return {"object": f"organization.usage.{api.object or api.name}.result", **sums, **grouped}

        query = report.query(f"{api.name.title().replace('_', '')}UsageQuery")
        return Operation("GET", f"{self.path}/{api.name}", api.name, self, answer, query=query)


USAGE = Usage()


_GROUPS = ("project_id", "user_id", "line_item", "api_key_id", "api_source")
_REPORT = Report(
    _GROUPS,
    {name: FILTERS[name] for name in ("project_id", "api_key_id", "line_item")},
    {"1d": Width(86_400, 7, 180)},
)
_UNITS = {price.item: price.unit for api in APIS.values() for price in api.prices}


class Costs(Kind):
    """What was spent, by day."""

    name = "cost"
    path = "/organization/costs"

    @action("GET", "", query=_REPORT.query("CostsQuery"))
    def list(self, request: Request) -> dict[str, Any]:
        """Show the costs in buckets of time."""
        return _REPORT.page(request.query, request.now, line_items(request.organization), _show)


def line_items(organization: Organization) -> Iterator[Series]:
    """Give what all usage costs: an item for each price that is more than nothing."""
    for api, used in USAGE_RECORDS.recorded(organization):
        for price in api.prices:
            quantity = used.amounts[price.counted]
            if quantity:
                item = f"{used.dimensions.get('model') or api.name}, {price.item}"
                amounts = {"dollars": Decimal(price.dollars) * quantity, "quantity": quantity}
                yield Series(used.first, used.every, used.times, {**used.dimensions, "line_item": item}, amounts)


def month_by_project(organization: Organization) -> dict[str, Decimal]:
    """Give what each project has spent since the month began (UTC), in dollars."""
    now = organization.behavior.now()
    begin = int(datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0).timestamp())
    spent = defaultdict[str, Decimal](Decimal)
    for item in line_items(organization):
        spent[item.dimensions["project_id"]] += item.amounts["dollars"] * item.count(begin, now + 1)
    return spent


def _show(group: Mapping[str, Any], sums: Sums) -> dict[str, Any]:
    """Give schema CostsResult: a quantity only where the results are grouped by line item."""
    item = group.get("line_item")
    return {
        "object": "organization.costs.result",
        "amount": {"value": float(sums["dollars"]), "currency": "usd"},
        **{name: group.get(name) for name in _GROUPS},
        "quantity": None if item is None else sums["quantity"],
        "quantity_unit": None if item is None else _UNITS[item.rpartition(", ")[2]],
    }


COSTS = Costs()


_MONTHLY = {"currency": Literal["USD"], "interval": Literal["month"]}
_CHANNEL = body(
    "SpendAlertNotificationChannel", type=Literal["email"], recipients=list[str], subject_prefix=optional(str)
)


class SpendAlerts(Collection):
    """At which amount of a month's costs whom to write to."""

    name = "spend_alert"
    noun = "spend alert"
    path = "/organization/spend_alerts"
    id_name = "alert_id"
    id_prefix = "alert_"
    object = "organization.spend_alert"
    times = ()
    create_body = update_body = seed_body = body(
        "CreateSpendAlertBody",
        threshold_amount=Annotated[int, Field(ge=0)],
        **_MONTHLY,
        notification_channel=_CHANNEL,
    )
    paging = LastId(minimum=0, has_order=True, has_before=True)

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Give the alert as a new one: the body is a whole one."""
        return dict(request.body.model_dump())


class SpendLimits(OptionalSetting):
    """The limit on what is spent in a month by all projects, or by one."""

    name = "spend_limit"
    path = "/organization/spend_limit"
    object = "organization.spend_limit"
    update_body = seed_body = body(
        "UpdateOrganizationSpendLimitBody", threshold_amount=Annotated[int, Field(ge=1)], **_MONTHLY
    )

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationSpendLimitResource or ProjectSpendLimitResource."""
        organization = request.organization
        is_enforcing = self.is_reached(organization, record) or organization.behavior.spend_limits_always_enforce
        status = "enforcing" if is_enforcing else "inactive"
        return {**super().show(request, record), "enforcement": {"status": status}}

    def is_reached(self, organization: Organization, record: Record) -> bool:
        """Return whether this month's costs have reached the limit."""
        spent = month_by_project(organization)
        cents = 100 * (spent.get(record.parent, Decimal()) if record.parent else sum(spent.values()))
        return bool(cents >= record["threshold_amount"])

    def refuse_spending(self, organization: Organization, parent: str) -> None:
        """Refuse a request to one of OpenAI's APIs if the limit is reached."""
        record = organization.store.get(self.name, "", parent)
        if record is not None and self.is_reached(organization, record):
            scope, dollars = "project" if parent else "organization", record["threshold_amount"] / 100
            message = f"This {scope} has reached its spend limit of ${dollars:,.2f} for this month."
            raise Refused(429, message, code=f"{scope}_spend_limit_exceeded")


ORGANIZATION_SPEND_ALERTS = SpendAlerts()
PROJECT_SPEND_ALERTS = of_projects(SpendAlerts)
ORGANIZATION_SPEND_LIMIT = SpendLimits()
PROJECT_SPEND_LIMIT = of_projects(SpendLimits, noun="spend limit of project")
