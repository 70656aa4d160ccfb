"""The usage of each of OpenAI's APIs."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.report import Amount, Report

_OWNERS = ("project_id", "user_id", "api_key_id")
_OF_OWNERS = ("project_ids", "user_ids", "api_key_ids")
_MODEL, _OF_MODEL = (*_OWNERS, "model"), (*_OF_OWNERS, "models")
_REQUESTS = Amount("num_model_requests", "How many requests were sent to the model.")
_INPUT = Amount("input_tokens", "The input tokens, including cached tokens.")
_GENERATED = (
    _INPUT,
    Amount("output_tokens", "The output tokens."),
    _REQUESTS,
    *(
        Amount(name, prose, is_optional=True)
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


def _report(
    api: str, noun: str, amounts: tuple[Amount, ...], groups: tuple[str, ...], filters: tuple[str, ...]
) -> Report:
    kind = "Usage" + "".join(part.capitalize() for part in api.split("_"))
    return Report(
        kind, f"get_usage_{api}", f"/organization/usage/{api}", f"the usage of {noun}", amounts, groups, filters
    )


_ALL = (
    _report(
        "audio_speeches",
        "audio speeches",
        (Amount("characters", "The characters that were spoken."), _REQUESTS),
        _MODEL,
        _OF_MODEL,
    ),
    _report(
        "audio_transcriptions",
        "audio transcriptions",
        (Amount("seconds", "The seconds that were transcribed."), _REQUESTS),
        _MODEL,
        _OF_MODEL,
    ),
    _report(
        "code_interpreter_sessions",
        "the code interpreter",
        (Amount("num_sessions", "How many sessions there were."),),
        ("project_id",),
        ("project_ids",),
    ),
    _report("completions", "completions", _GENERATED, _GENERATION, (*_OF_MODEL, "batch")),
    _report("decisions", "decisions", _GENERATED, _GENERATION, (*_OF_MODEL, "batch")),
    _report("embeddings", "embeddings", (_INPUT, _REQUESTS), _MODEL, _OF_MODEL),
    _report(
        "file_search_calls",
        "file search",
        (Amount("num_requests", "How many searches there were."),),
        (*_OWNERS, "vector_store_id"),
        (*_OF_OWNERS, "vector_store_ids"),
    ),
    _report(
        "images",
        "images",
        (Amount("images", "How many images there were."), _REQUESTS),
        (*_MODEL, "size", "source"),
        (*_OF_MODEL, "sizes", "sources"),
    ),
    _report("moderations", "moderations", (_INPUT, _REQUESTS), _MODEL, _OF_MODEL),
    _report(
        "vector_stores",
        "vector stores",
        (Amount("usage_bytes", "The bytes that were stored."),),
        ("project_id",),
        ("project_ids",),
    ),
    _report(
        "web_search_calls",
        "web search",
        (Amount("num_requests", "How many searches there were."), _REQUESTS),
        (*_MODEL, "context_level", "api_source"),
        (*_OF_MODEL, "context_levels"),
    ),
)

QUERIES = {report.kind: report for report in _ALL}
