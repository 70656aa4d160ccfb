"""The rate limits that OpenAI makes for every project.

`GET /organization/projects/{project_id}/rate_limits` shows about 170 of them. Nobody can add or remove one, so they
are a table here and not state: state holds only what a project changed. A row knows what it starts with, the
organization's maximum (readable nowhere but in the refusal), and why a write to it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

UNLIMITED = 2_147_483_647

REQUESTS = "max_requests_per_1_minute"
TOKENS = "max_tokens_per_1_minute"
IMAGES = "max_images_per_1_minute"
AUDIO = "max_audio_megabytes_per_1_minute"
DAILY = "max_requests_per_1_day"
BATCH = "batch_1_day_max_input_tokens"

FIELDS = (REQUESTS, TOKENS, IMAGES, AUDIO, DAILY, BATCH)
"""The six fields of ProjectRateLimitUpdateRequest, in the specification's order."""

Refusal = Literal["not_enabled", "not_updatable"]
Limits = Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """One row: what GET shows before anybody changes it, and what POST refuses."""

    model: str
    limits: Limits
    ceilings: Limits = field(default_factory=dict)
    """The organization's maximum; where there is none, the limits."""
    refusal: Refusal | None = None
    refused_fields: frozenset[str] = field(default_factory=frozenset)
    """Fields that GET shows although POST refuses them (sora-2 and its tokens)."""
    id: str = ""
    """What OpenAI says "is not a model ID", although it looks like one."""

    def __post_init__(self) -> None:
        """Make the id once: a list reads it for each of its rows."""
        object.__setattr__(self, "ceilings", self.ceilings or self.limits)
        object.__setattr__(self, "id", self.id or f"rl-{self.model}")

    def takes(self, name: str) -> bool:
        """Return whether POST accepts a field of this row."""
        return name in self.limits and name not in self.refused_fields


def _family(models: str, limits: Limits, **more: Any) -> list[Row]:
    """Give models the same limits."""
    return [Row(model, limits, **more) for model in models.split()]


_FAMILIES = (
    # The numbers of tier 4, as another program has them. Models with vision have images, too.
    _family(
        "gpt-4o gpt-4o-2024-05-13 gpt-4o-2024-08-06 gpt-4o-2024-11-20 chatgpt-4o-latest chat-latest gpt-4.1 "
        "gpt-4.1-2025-04-14 o3 o3-2025-04-16",
        {REQUESTS: 10_000, TOKENS: 2_000_000, IMAGES: 50_000, BATCH: 200_000_000},
    ),
    _family(
        "gpt-4.5-preview gpt-4.5-preview-2025-02-27",
        {REQUESTS: 10_000, TOKENS: 1_000_000, IMAGES: 50_000, BATCH: 100_000_000},
    ),
    _family(
        "gpt-4o-mini gpt-4o-mini-2024-07-18 gpt-4.1-mini gpt-4.1-mini-2025-04-14 gpt-4.1-nano gpt-4.1-nano-2025-04-14 "
        "o4-mini o4-mini-2025-04-16",
        {REQUESTS: 10_000, TOKENS: 10_000_000, IMAGES: 50_000, BATCH: 1_000_000_000},
    ),
    # Limits of long requests: no models.
    _family("gpt-4.1-long-context", {REQUESTS: 1_000, TOKENS: 5_000_000, IMAGES: 50_000, BATCH: 100_000_000}),
    _family(
        "gpt-4.1-mini-long-context gpt-4.1-nano-long-context",
        {REQUESTS: 2_000, TOKENS: 10_000_000, IMAGES: 50_000, BATCH: 200_000_000},
    ),
    _family(
        "gpt-5-mini gpt-5-mini-2025-08-07 gpt-5-nano gpt-5-nano-2025-08-07",
        {REQUESTS: 10_000, TOKENS: 10_000_000, IMAGES: 50_000, BATCH: 1_000_000_000},
    ),
    _family(
        "gpt-5 gpt-5-2025-08-07 gpt-5-chat-latest gpt-5-codex gpt-5.1 gpt-5.1-2025-11-13 gpt-5.1-chat-latest "
        "gpt-5.1-codex gpt-5.1-codex-mini gpt-5.1-codex-max gpt-5.2 gpt-5.2-2025-12-11 gpt-5.2-chat-latest "
        "gpt-5.2-codex gpt-5.3 gpt-5.3-codex gpt-5.4 gpt-5.4-2026-03-05 gpt-5.4-mini gpt-5.4-nano",
        {REQUESTS: 10_000, TOKENS: 4_000_000, IMAGES: 50_000, BATCH: 200_000_000},
    ),
    # What GET shows stands above what POST accepts.
    _family(
        "gpt-5-pro gpt-5-pro-2025-10-06 gpt-5.2-pro gpt-5.2-pro-2025-12-11 gpt-5.4-pro",
        {REQUESTS: 10_000, TOKENS: 2_000_000, IMAGES: 50_000, BATCH: 200_000_000},
        ceilings={REQUESTS: 500, TOKENS: 500_000, IMAGES: 50_000, BATCH: 50_000_000},
    ),
    _family(
        "o1 o1-2024-12-17 o1-preview o1-preview-2024-09-12 o3-pro o3-pro-2025-06-10 o1-pro o1-pro-2025-03-19",
        {REQUESTS: 10_000, TOKENS: 2_000_000, BATCH: 200_000_000},
    ),
    _family(
        "o1-mini o1-mini-2024-09-12 o3-mini o3-mini-2025-01-31 codex-mini-latest",
        {REQUESTS: 10_000, TOKENS: 10_000_000, BATCH: 1_000_000_000},
    ),
    _family(
        "o3-deep-research o3-deep-research-2025-06-26 o4-mini-deep-research o4-mini-deep-research-2025-06-26",
        {REQUESTS: 10_000, TOKENS: 2_000_000, BATCH: 200_000_000},
    ),
    _family(
        "gpt-4 gpt-4-0613 gpt-4-0314 gpt-4-0125-preview gpt-4-1106-preview",
        {REQUESTS: 10_000, TOKENS: 300_000, BATCH: 30_000_000},
    ),
    _family(
        "gpt-4-turbo gpt-4-turbo-2024-04-09 gpt-4-turbo-preview gpt-4-vision-preview gpt-4-1106-vision-preview",
        {REQUESTS: 10_000, TOKENS: 800_000, IMAGES: 10_000, BATCH: 80_000_000},
    ),
    _family(
        "gpt-3.5-turbo gpt-3.5-turbo-0125 gpt-3.5-turbo-1106 gpt-3.5-turbo-0613 gpt-3.5-turbo-16k "
        "gpt-3.5-turbo-16k-0613 gpt-3.5-turbo-instruct gpt-3.5-turbo-instruct-0914",
        {REQUESTS: 10_000, TOKENS: 10_000_000, BATCH: 1_000_000_000},
    ),
    _family(
        "gpt-4o-search-preview gpt-4o-search-preview-2025-03-11 gpt-4o-mini-search-preview "
        "gpt-4o-mini-search-preview-2025-03-11 gpt-5-search-api gpt-5-search-api-2025-10-14",
        {REQUESTS: 10_000, TOKENS: 30_000_000, DAILY: 1_000_000},
    ),
    _family(
        "computer-use-preview computer-use-preview-2025-03-11",
        {REQUESTS: 3_000, TOKENS: 20_000_000, BATCH: 450_000_000},
    ),
    _family(
        "gpt-4o-realtime-preview gpt-4o-realtime-preview-2024-10-01 gpt-4o-realtime-preview-2024-12-17 "
        "gpt-4o-realtime-preview-2025-06-03 gpt-4o-mini-realtime-preview gpt-4o-mini-realtime-preview-2024-12-17 "
        "gpt-realtime gpt-realtime-2025-08-28 gpt-realtime-mini gpt-realtime-mini-2025-10-06 gpt-audio "
        "gpt-audio-2025-08-28 gpt-audio-mini gpt-audio-mini-2025-10-06 gpt-4o-audio-preview "
        "gpt-4o-audio-preview-2024-10-01 gpt-4o-audio-preview-2024-12-17 gpt-4o-audio-preview-2025-06-03 "
        "gpt-4o-mini-audio-preview gpt-4o-mini-audio-preview-2024-12-17",
        {REQUESTS: 20_000, TOKENS: 15_000_000, DAILY: 2_000_000},
    ),
    _family(
        "whisper-1 gpt-4o-transcribe gpt-4o-transcribe-diarize gpt-4o-mini-transcribe "
        "gpt-4o-mini-transcribe-2025-03-20 gpt-4o-mini-transcribe-2025-12-15",
        {REQUESTS: 10_000, TOKENS: 6_000_000, AUDIO: 2_000},
    ),
    _family(
        "tts-1 tts-1-1106 tts-1-hd tts-1-hd-1106 gpt-4o-mini-tts gpt-4o-mini-tts-2025-03-20 gpt-4o-mini-tts-2025-12-15",
        {REQUESTS: 10_000, TOKENS: 8_000_000},
    ),
    _family(
        "text-embedding-3-small text-embedding-3-large text-embedding-ada-002 text-embedding-ada-002-v2",
        {REQUESTS: 10_000, TOKENS: 5_000_000, BATCH: 500_000_000},
    ),
    _family(
        "omni-moderation-latest omni-moderation-2024-09-26 text-moderation-latest text-moderation-stable "
        "text-moderation-007",
        {REQUESTS: 5_000, TOKENS: UNLIMITED},
    ),
    _family("dall-e-2 dall-e-3", {REQUESTS: 10_000, TOKENS: UNLIMITED, IMAGES: 10_000, DAILY: UNLIMITED}),
    _family("gpt-image-1 gpt-image-1-mini gpt-image-1.5", {REQUESTS: 10_000, TOKENS: 8_000_000, IMAGES: 250}),
    # Enabled for other organizations, listed for all.
    _family(
        "gpt-image-0-preview gpt-4-32k gpt-4-32k-0613 gpt-4-32k-0314",
        {REQUESTS: 10_000, TOKENS: 8_000_000},
        refusal="not_enabled",
    ),
    # GET shows tokens, POST says that they do not apply.
    _family(
        "sora-2 sora-2-pro sora-2-2025-10-06 sora-2-2025-12-08 sora-2-pro-2025-10-06",
        {REQUESTS: 375, TOKENS: UNLIMITED},
        refused_fields=frozenset({TOKENS}),
    ),
    _family(
        "ada babbage curie davinci babbage-002 davinci-002 text-ada-001 text-davinci-003",
        {REQUESTS: 3_000, TOKENS: 250_000},
    ),
    _family("gpt-oss-20b gpt-oss-120b", {REQUESTS: UNLIMITED, TOKENS: UNLIMITED}),
    _family(
        "ft:gpt-4o-mini-2024-07-18:acme::abc123 ft:gpt-4o-2024-08-06:acme::def456 "
        "ft:gpt-4.1-mini-2025-04-14:acme:support:ghi789 ft:gpt-3.5-turbo-0125:acme::jkl012",
        {REQUESTS: 10_000, TOKENS: 2_000_000, BATCH: 200_000_000},
        refusal="not_updatable",
    ),
    _family(
        "gpt-4o-shared gpt-4.1-shared gpt-4o-realtime-shared gpt-4o-audio-shared gpt-5-shared dall-e-shared",
        {REQUESTS: 10_000, TOKENS: 2_000_000},
        refusal="not_updatable",
    ),
)

ROWS: tuple[Row, ...] = tuple(row for family in _FAMILIES for row in family)


class Catalogue:
    """The table above, the seed's rows behind it, and as many made-up ones as a number of rows asks for."""

    def __init__(self, extra: Sequence[Row] = ()) -> None:
        """Start with the built-in rows; a seed's row of the same model takes the place of ours."""
        replaced = {row.model: row for row in extra}
        kept = [replaced.pop(row.model, row) for row in ROWS]
        self.known: tuple[Row, ...] = (*kept, *replaced.values())
        self._by_number = lru_cache(maxsize=4)(self._numbered)

    def rows(self, number: int | None = None, *, unseen_ids: bool = False) -> Mapping[str, Row]:
        """Give the rows by id, in the list's order: all of them, or exactly so many.

        `unseen_ids`: with ids in a form that nobody has seen.
        """
        return self._by_number(number, unseen_ids)

    def _numbered(self, number: int | None, unseen_ids: bool) -> Mapping[str, Row]:  # noqa: FBT001 - the cache's key
        wanted = len(self.known) if number is None else number
        made_up = (
            Row(f"emulated-model-{index:05d}", {REQUESTS: 10_000, TOKENS: 1_000_000})
            for index in range(1, wanted - len(self.known) + 1)
        )
        rows = [*self.known[:wanted], *made_up]
        if unseen_ids:
            rows = [replace(row, id=f"{row.model}~limit") for row in rows]
        return {row.id: row for row in rows}
