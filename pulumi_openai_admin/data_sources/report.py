"""Reports in buckets of time: costs, and the usage of each API. The arguments go into the query of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources.functions import INVALID, LookUp
from pulumi_openai_admin.data_sources.kind import snake
from pulumi_openai_admin.data_sources.look_up import Parameter, query
from pulumi_openai_admin.data_sources.result import Shown, from_wire, result_class
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema.constraints import Enumeration
from pulumi_openai_admin.schema.paths import Paging, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.look_up import Connected

_GROUPED = "`None` unless results are grouped by it."
_DIMENSIONS = {
    "project_id": f"The project (`proj_…`); {_GROUPED}",
    "user_id": f"The user (`user-…`); {_GROUPED}",
    "api_key_id": f"The API key (`key_…`); {_GROUPED}",
    "model": f"The model; {_GROUPED}",
    "batch": f"Whether the requests were in batches; {_GROUPED}",
    "service_tier": f"The service tier; {_GROUPED}",
    "api_source": f'`"agents_api"`, or `"unlabeled"` if the source is not known; {_GROUPED}',
    "size": f"The size of the images; {_GROUPED}",
    "source": f"`image.generation`, `image.edit` or `image.variation`; {_GROUPED}",
    "vector_store_id": f"The vector store (`vs_…`); {_GROUPED}",
    "context_level": f"The context level of the searches; {_GROUPED}",
    "line_item": f'The billed item, for example `"gpt-4o, input_tokens"`; {_GROUPED}',
}
_WIDTHS = Enumeration(
    "BucketWidth",
    "The width of a bucket of time.",
    {"1m": "One minute.", "1h": "One hour.", "1d": "One day."},
    called={"1m": "Minute", "1h": "Hour", "1d": "Day"},
)
ONE_DAY = Enumeration("CostsBucketWidth", "The width of a bucket of costs.", {"1d": "One day."}, called={"1d": "Day"})
_CHOICES = {
    "sources": Enumeration(
        "UsageImagesSource",
        "The operation that created the images.",
        {
            "image.generation": "A generation.",
            "image.edit": "An edit of an image.",
            "image.variation": "A variation of an image.",
        },
    ),
    "context_levels": Enumeration(
        "WebSearchContextLevel",
        "How much context a web search uses.",
        {"low": "Little context.", "medium": "Some context.", "high": "Much context."},
    ),
}
"""The strings that filters take."""
_FILTERS = {
    "project_ids": "Only data of these projects.",
    "user_ids": "Only data of these users.",
    "api_key_ids": "Only data of these API keys.",
    "models": "Only data of these models.",
    "batch": "`True` selects only batches, `False` everything except batches.",
    "vector_store_ids": "Only data of these vector stores.",
    "sizes": "Only images of these sizes, for example `1024x1024`.",
    "sources": "Only images of these sources: `image.generation`, `image.edit`, `image.variation`.",
    "context_levels": "Only searches of these context levels: `low`, `medium`, `high`.",
    "line_items": "Only these line items, each as OpenAI shows it.",
}


@dataclass(eq=False)
class Report(LookUp):
    """A report, which programs read with `get_…`.

    Args:
        kind: Its name in the names of types: "UsageImages".
        path: Where OpenAI shows it.
        noun: What it is about, in words.
        amounts: The numbers in its results.
        groups: What results can be grouped by.
        filters: The parameters that narrow it.
        pages: For each width of a bucket, how many a page has at most.
        widths: The descriptions of these widths.
    """

    kind: str
    path: str
    noun: str
    amounts: tuple[Shown, ...]
    groups: tuple[str, ...]
    filters: tuple[str, ...]
    pages: Mapping[str, int] = field(default_factory=lambda: {"1d": 31, "1h": 168, "1m": 1440})
    widths: Enumeration = _WIDTHS
    raises = INVALID

    @cached_property
    @override
    def asked(self) -> tuple[Parameter, ...]:
        widths = ", ".join(f"`{width}`" for width in self.pages)
        groups = ", ".join(f'`"{name}"`' for name in self.groups)
        texts = {name: f"{_DIMENSIONS[name].removesuffix(f'; {_GROUPED}')}." for name in self.groups}
        return (
            Parameter("start_time", int, "The start of the range, in seconds since 1970 (UTC).", is_required=True),
            Parameter(
                "end_time", int, "The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now."
            ),
            Parameter("bucket_width", str, f"The width of a bucket: {widths}.", default="1d", choices=self.widths),
            Parameter(
                "group_by",
                list[str],
                f"The properties that group the results, in any combination: {groups}.",
                choices=Enumeration(
                    f"{self.kind}GroupBy", f"The properties by which {self.noun} can be grouped.", texts
                ),
            ),
            *(
                Parameter(name, bool if name == "batch" else list[str], _FILTERS[name], choices=_CHOICES.get(name))
                for name in self.filters
            ),
            Parameter(
                "limit", int, "The maximum number of buckets, earliest first. `None` reads the entire range.", minimum=1
            ),
        )

    def __post_init__(self) -> None:
        """Make the classes of the results."""
        self.name, self.paths = f"get_{snake(self.kind)}", (self.path,)
        sends = "Each call sends requests, because the data changes continuously."
        reads = f"It reads all pages, up to `limit` buckets. {sends}"
        self.about = (f"{capitalized(self.noun)}, in buckets of time.", reads)
        of_group = f"{capitalized(self.noun)} of one group, or of all, in one bucket of time."
        groups = [
            Shown(name, _DIMENSIONS[name], bool if name == "batch" else str, is_optional=True) for name in self.groups
        ]
        self.group = result_class(f"{self.kind}Result", object, lambda: (of_group, [*self.amounts, *groups]))
        of_bucket = f"{capitalized(self.noun)} in one bucket of time."
        results = "One result for each group. The list is empty if OpenAI has no data."
        fields = [
            Shown("start_time", "The start of the bucket, in seconds since 1970.", int),
            Shown("end_time", "The end of the bucket, exclusive, in seconds since 1970.", int),
            Shown("results", results, list[self.group], item=self.group),  # type: ignore[name-defined] # made from a declaration
        ]
        self.result = result_class(f"{self.kind}Bucket", object, lambda: (of_bucket, fields))

    @override
    def run(self, connected: Connected, given: dict[str, Any]) -> list[Any]:
        sent = query(self.asked, given)
        limit, most = given["limit"], self.pages[given["bucket_width"]]
        sent["limit"] = min(limit or most, most)  # of a page; `limit` is the number of buckets in all
        call = Call("GET", fill(self.path), f"read {self.noun}", sent, paging=Paging.NEXT_PAGE)
        with connected() as client:
            return [self._bucket(document) for document in islice(client.requestor.pages(call), limit)]

    def _bucket(self, document: Mapping[str, Any]) -> Any:
        rows = document.get("results")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            what = f"OpenAI shows a bucket of {self.noun} without its results"
            raise errors.InvalidResponseError(what, errors.UNDOCUMENTED_ADVICE)
        return from_wire(self.result, document, {"results": [from_wire(self.group, row, {}) for row in rows]})


_optional = partial(Shown, is_optional=True)
COSTS = Report(
    "Costs",
    "/organization/costs",
    "the costs of the organization",
    amounts=(
        _optional("amount", "The amount spent, in units of `currency`.", float, wire="amount.value"),
        _optional("currency", "The currency, for example `usd`.", str, wire="amount.currency"),
        _optional("quantity", 'The quantity used; `None` unless results are grouped by `"line_item"`.', float),
        _optional("quantity_unit", "The unit of `quantity`, for example `tokens`; `None` if there is none.", str),
    ),
    groups=("project_id", "user_id", "line_item", "api_key_id", "api_source"),
    filters=("project_ids", "api_key_ids", "line_items"),
    pages={"1d": 180},
    widths=ONE_DAY,
)


_OWNERS = ("project_id", "user_id", "api_key_id")
_MODEL = (*_OWNERS, "model")
_REQUESTS = Shown("num_model_requests", "How many requests were sent to the model.", int)
_SEARCHES = Shown("num_requests", "How many searches there were.", int)
_INPUT = Shown("input_tokens", "The input tokens, including cached tokens.", int)
_GENERATED = (
    _INPUT,
    Shown("output_tokens", "The output tokens.", int),
    _REQUESTS,
    *(
        _optional(name, prose, int)
        for name, prose in {
            "input_cached_tokens": "The cached input tokens.",
            "input_uncached_tokens": "The input tokens that were neither cached nor written to the cache.",
            "input_cache_write_tokens": "The input tokens written to the cache.",
            "input_cache_write_30m_tokens": "The input tokens written to the cache for 30 minutes.",
            "input_cache_write_12h_tokens": "The input tokens written to the cache for 12 hours.",
            "input_text_tokens": "The uncached input tokens of text.",
            "input_cached_text_tokens": "The cached input tokens of text.",
            "output_text_tokens": "The output tokens of text.",
            "input_audio_tokens": "The uncached input tokens of audio.",
            "input_cached_audio_tokens": "The cached input tokens of audio.",
            "output_audio_tokens": "The output tokens of audio.",
            "input_image_tokens": "The uncached input tokens of images.",
            "input_cached_image_tokens": "The cached input tokens of images.",
            "output_image_tokens": "The output tokens of images.",
        }.items()
    ),
)
_GENERATION = (*_MODEL, "batch", "service_tier", "api_source")


def _report(api: str, amounts: tuple[Shown, ...], groups: tuple[str, ...], noun: str = "") -> Report:
    """The usage of one API, with its name in words. It can be narrowed to some values of what it can be grouped by."""
    plurals = (name if name == "batch" else f"{name}s" for name in groups)
    filters = tuple(name for name in plurals if name in _FILTERS)
    kind = "Usage" + "".join(part.capitalize() for part in api.split("_"))
    noun = noun or api.replace("_", " ")
    return Report(kind, f"/organization/usage/{api}", f"the usage of {noun}", amounts, groups, filters)


_ALL = (
    _report("audio_speeches", (Shown("characters", "The characters that were spoken.", int), _REQUESTS), _MODEL),
    _report("audio_transcriptions", (Shown("seconds", "The seconds that were transcribed.", int), _REQUESTS), _MODEL),
    _report(
        "code_interpreter_sessions",
        (Shown("num_sessions", "How many sessions there were.", int),),
        ("project_id",),
        "the code interpreter",
    ),
    _report("completions", _GENERATED, _GENERATION),
    _report("decisions", _GENERATED, _GENERATION),
    _report("embeddings", (_INPUT, _REQUESTS), _MODEL),
    _report("file_search_calls", (_SEARCHES,), (*_OWNERS, "vector_store_id"), "file search"),
    _report("images", (Shown("images", "How many images there were.", int), _REQUESTS), (*_MODEL, "size", "source")),
    _report("moderations", (_INPUT, _REQUESTS), _MODEL),
    _report("vector_stores", (Shown("usage_bytes", "The bytes that were stored.", int),), ("project_id",)),
    _report("web_search_calls", (_SEARCHES, _REQUESTS), (*_MODEL, "context_level", "api_source"), "web search"),
)

QUERIES = {report.kind: report for report in (COSTS, *_ALL)}
