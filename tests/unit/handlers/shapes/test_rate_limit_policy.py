from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.handlers.shapes.rate_limit import Policy, expanded, is_pattern, limits_requests
from pulumi_openai_admin.schema.unknown import UNKNOWN

RPM = "max_requests_per_1_minute"


def limit(number: int) -> dict[str, Any]:
    return {RPM: number}


@pytest.mark.parametrize(
    ("key", "stands_for_several"),
    [("gpt-4o", False), ("gpt-4o*", True), ("*", True), ("gpt-?o", True), ("ft:gpt-4o:acme::x", False), ("", False)],
)
def test_a_pattern_has_a_star_or_a_question_mark(key: str, stands_for_several: bool) -> None:
    assert is_pattern(key) is stands_for_several


@pytest.mark.parametrize(
    ("keys", "model", "wins"),
    [
        (["gpt-4o"], "gpt-4o", "gpt-4o"),
        (["gpt-4o"], "gpt-4o-mini", None),
        (["gpt-4o", "gpt-4o*"], "gpt-4o", "gpt-4o"),
        (["gpt-4o-?ini-2024*", "gpt-4o-mini"], "gpt-4o-mini", "gpt-4o-mini"),
        (["gpt-*", "gpt-4o*"], "gpt-4o-mini", "gpt-4o*"),
        (["gpt-4o*", "gpt-*"], "gpt-4o-mini", "gpt-4o*"),
        (["*", "*mini"], "gpt-4o-mini", "*mini"),
        (["gpt*", "*ini"], "gpt-4o-mini", "gpt*"),
        (["*ini", "gpt*"], "gpt-4o-mini", "gpt*"),
        (["gpt-5*"], "gpt-4o", None),
        (["GPT-4O*"], "gpt-4o", None),
        (["gpt-4?"], "gpt-4o", "gpt-4?"),
        (["gpt-4?"], "gpt-4", None),
        (["ft:*"], "ft:gpt-4o:acme::x", "ft:*"),
        (["*"], "org/model", "*"),
        ([], "gpt-4o", None),
    ],
)
def test_a_name_beats_a_pattern_and_the_longer_the_shorter(keys: list[str], model: str, wins: str | None) -> None:
    policy = Policy({key: limit(number) for number, key in enumerate(keys)})
    assert policy.limits_of(model) == (None if wins is None else limit(keys.index(wins)))


def test_others_are_what_no_key_matches() -> None:
    policy = Policy({"gpt-4o": limit(1), "o*": limit(2)}, limit(0))
    assert [policy.limits_of(model) for model in ("gpt-4o", "o3", "gpt-5")] == [limit(1), limit(2), limit(0)]


def test_names_and_patterns_without_a_model() -> None:
    policy = Policy({"gpt-4o": {}, "gpt-5": {}, "gpt-4*": {}, "o?": {}}, limit(0))
    models = iter(["gpt-4o", "gpt-4o-mini"])
    assert policy.names_without(models) == ["gpt-5"]
    assert policy.patterns_without(iter(["gpt-4o", "gpt-4o-mini"])) == ["o?"]


@pytest.mark.parametrize(
    ("old", "policy", "named"),
    [
        ({}, Policy({"gpt*": limit(1)}), {"gpt*": limit(1)}),
        ({"gpt-4o": limit(9)}, Policy({"gpt*": limit(1)}), {"gpt*": limit(1), "gpt-4o": limit(1)}),
        ({"gpt-4o": limit(9)}, Policy({"gpt-4o": limit(1)}), {"gpt-4o": limit(1)}),
        ({"gpt-4o": limit(9)}, Policy({"o*": limit(1)}), {"o*": limit(1)}),
        ({"gpt-4o": limit(9)}, Policy({"o*": limit(1)}, limit(0)), {"o*": limit(1), "gpt-4o": limit(0)}),
        ({"gpt*": limit(9)}, Policy({"o*": limit(1)}, limit(0)), {"o*": limit(1)}),
        ({"gpt-4o": limit(9)}, Policy({}), {}),
    ],
)
def test_models_that_the_old_limits_name_are_named(old: Any, policy: Policy, named: Any) -> None:
    assert expanded(old, policy) == named


def test_a_model_whose_limits_are_not_known_yet_is_named_all_the_same() -> None:
    unknown = UNKNOWN
    policy = Policy({"gpt-4*": unknown, "gpt-5": limit(1)}, limit(0))  # type: ignore[dict-item]
    named = expanded({"gpt-4o": limit(9), "gpt-5": limit(9), "o3": limit(9)}, policy)
    assert set(named) == {"gpt-4*", "gpt-4o", "gpt-5", "o3"}
    assert named["gpt-4o"] == UNKNOWN
    assert named["o3"] == limit(0)


def test_naming_changes_no_policy() -> None:
    policy = Policy({"gpt*": limit(1)})
    expanded({"gpt-4o": limit(9)}, policy)["gpt-4o"][RPM] = 7
    assert policy == Policy({"gpt*": limit(1)})


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-5", "o3"])
def test_naming_wants_the_same_of_every_model(model: str) -> None:
    policy = Policy({"gpt*": limit(1), "gpt-5*": limit(2)}, limit(0))
    named = Policy(expanded({"gpt-4o": {}, "gpt-5": {}, "o3": {}}, policy), policy.others)
    assert named.limits_of(model) == policy.limits_of(model)


TPM, IPM, BATCH = "max_tokens_per_1_minute", "max_images_per_1_minute", "batch_1_day_max_input_tokens"


@pytest.mark.parametrize(
    ("wanted", "accepted", "shown", "is_limited"),
    [
        ({RPM: 0}, {RPM: 0}, {RPM: 0}, True),
        ({RPM: 0}, {}, {RPM: 500}, False),
        ({RPM: 0, TPM: 0, BATCH: 0}, {RPM: 0}, {RPM: 0, TPM: 9}, True),  # a limit of another kind does not apply
        ({RPM: 0, TPM: 0, BATCH: 0}, {BATCH: 0}, {IPM: 5, BATCH: 0}, False),  # batches are counted apart from requests
        ({RPM: 0, TPM: 1000}, {TPM: 1000}, {IPM: 5, TPM: 1000}, False),  # none of what is left blocks requests
        ({RPM: 60, TPM: 1000}, {TPM: 1000}, {TPM: 1000}, True),
        ({RPM: 60, BATCH: 9}, {BATCH: 9}, {IPM: 5, BATCH: 9}, False),
        ({BATCH: 0}, {}, {RPM: 500}, True),  # the model takes no batches
        ({BATCH: 0}, {}, {RPM: 500, BATCH: 9}, False),
    ],
)
def test_a_model_is_limited_if_what_openai_accepts_limits_its_requests(
    wanted: dict[str, int], accepted: dict[str, int], shown: dict[str, int], is_limited: bool
) -> None:
    assert limits_requests(wanted, accepted, shown) is is_limited
