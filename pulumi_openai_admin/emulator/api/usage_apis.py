"""What OpenAI measures of each of its APIs, in what the usage can be grouped, and what it costs here.

The prices are the emulator's own, the same for all models: US dollars for one of what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """What one of something costs, and how the costs name it."""

    dollars: Decimal
    item: str
    unit: str | None = None


@dataclass(frozen=True)
class UsageApi:
    """One API whose usage is reported."""

    name: str
    dimensions: tuple[str, ...]
    amounts: tuple[str, ...]
    prices: Mapping[str, Price] = field(default_factory=dict)
    object: str = ""
    """Its name in `object` of the results, where it is another one."""

    def measured(self, counted: Mapping[str, int]) -> dict[str, int]:
        """Give all that a result shows."""
        shown = {name: counted.get(name, 0) for name in self.amounts}
        return {**shown, **_kinds_of_tokens(shown)} if "output_tokens" in self.amounts else shown


def _kinds_of_tokens(counted: Mapping[str, int]) -> dict[str, int]:
    """Give what follows from the tokens that were counted: text is what is neither audio nor image."""
    cached, written = counted["input_cached_tokens"], counted["input_cache_write_tokens"]
    uncached = counted["input_tokens"] - cached - written
    return {
        "input_uncached_tokens": uncached,
        "input_cache_write_30m_tokens": written,
        "input_cache_write_12h_tokens": 0,
        "input_text_tokens": uncached - counted["input_audio_tokens"] - counted["input_image_tokens"],
        "input_cached_text_tokens": cached
        - counted["input_cached_audio_tokens"]
        - counted["input_cached_image_tokens"],
        "output_text_tokens": counted["output_tokens"]
        - counted["output_audio_tokens"]
        - counted["output_image_tokens"],
    }


def _price(dollars: str, item: str, unit: str | None = None) -> Price:
    return Price(Decimal(dollars), item, unit)


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
_TOKEN_PRICES = {
    "input_uncached_tokens": _price("0.0000025", "input_tokens", "tokens"),
    "input_cached_tokens": _price("0.00000125", "cached_input_tokens", "tokens"),
    "input_cache_write_tokens": _price("0.0000025", "cache_write_tokens", "tokens"),
    "output_tokens": _price("0.00001", "output_tokens", "tokens"),
}

APIS: Mapping[str, UsageApi] = {
    api.name: api
    for api in (
        UsageApi("completions", _GENERATED, _TOKENS, _TOKEN_PRICES),
        UsageApi("decisions", _GENERATED, _TOKENS, _TOKEN_PRICES),
        UsageApi(
            "embeddings",
            _MODEL,
            ("input_tokens", _REQUESTS),
            {"input_tokens": _price("0.00000002", "input_tokens", "tokens")},
        ),
        UsageApi("moderations", _MODEL, ("input_tokens", _REQUESTS)),
        UsageApi(
            "images",
            (*_MODEL, "size", "source"),
            ("images", _REQUESTS),
            {"images": _price("0.04", "images", "images")},
        ),
        UsageApi(
            "audio_speeches",
            _MODEL,
            ("characters", _REQUESTS),
            {"characters": _price("0.000015", "characters", "characters")},
        ),
        UsageApi(
            "audio_transcriptions",
            _MODEL,
            ("seconds", _REQUESTS),
            {"seconds": _price("0.0001", "seconds", "duration_seconds")},
        ),
        UsageApi(
            "code_interpreter_sessions",
            ("project_id",),
            ("num_sessions",),
            {"num_sessions": _price("0.03", "sessions")},
        ),
        UsageApi("vector_stores", ("project_id",), ("usage_bytes",), {"usage_bytes": _price("0.0000000001", "bytes")}),
        UsageApi(
            "file_search_calls",
            (*_OWNERS, "vector_store_id"),
            ("num_requests",),
            {"num_requests": _price("0.0025", "calls")},
            object="file_searches",
        ),
        UsageApi(
            "web_search_calls",
            (*_MODEL, "context_level", "api_source"),
            ("num_requests", _REQUESTS),
            {"num_requests": _price("0.01", "calls")},
            object="web_searches",
        ),
    )
}
