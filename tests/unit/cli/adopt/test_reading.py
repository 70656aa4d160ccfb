from __future__ import annotations

from pulumi_openai_admin.cli.adopt.kinds import Patterns, all_kinds
from pulumi_openai_admin.cli.adopt.reading import Limits

KINDS = {kind.name: kind for kind in all_kinds()}
MANY, ONE = KINDS["ProjectRateLimits"], KINDS["ProjectRateLimit"]
REQUESTS, TOKENS = "max_requests_per_1_minute", "max_tokens_per_1_minute"
BOTH = {REQUESTS: 7, TOKENS: 1000}
COMMON = {("gpt-4o", REQUESTS): 500, ("gpt-4o", TOKENS): 1000}


def test_each_limit_is_compared_by_itself() -> None:
    limits = Limits(Patterns(), COMMON)
    assert limits.narrowed(MANY, {"project_id": "p", "limits": {"gpt-4o": BOTH}}) == {
        "project_id": "p",
        "limits": {"gpt-4o": {REQUESTS: 7}},
    }
    row = {"project_id": "p", "model": "gpt-4o", **BOTH}
    assert limits.narrowed(ONE, row) == {"project_id": "p", "model": "gpt-4o", REQUESTS: 7}


def test_only_selected_models() -> None:
    limits = Limits(Patterns(exclude=["model:ft:*"]))
    found = limits.narrowed(MANY, {"project_id": "p", "limits": {"gpt-4o": BOTH, "ft:mine": BOTH}})
    assert found == {"project_id": "p", "limits": {"gpt-4o": BOTH}}
    assert limits.narrowed(ONE, {"project_id": "p", "model": "ft:mine", **BOTH}) is None
