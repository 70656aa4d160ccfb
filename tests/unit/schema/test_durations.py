from __future__ import annotations

import pytest

from pulumi_openai_admin.schema.formats import DURATION, age_in_words, duration_in_words, duration_seconds

DAY = 86_400


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("30m", 1800, "30 minutes"),
        ("1h", 3600, "1 hour"),
        ("24h", DAY, "24 hours"),
        ("90d", 90 * DAY, "90 days"),
        ("2w", 14 * DAY, "2 weeks"),
        ("9999w", 9999 * 7 * DAY, "9999 weeks"),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, number: int, words: str) -> None:
    assert DURATION.is_met(text)
    assert (duration_seconds(text), duration_in_words(text)) == (number, words)


@pytest.mark.parametrize(
    "text",
    ["", "90", "d", "0d", "-1d", "1.5d", "90 d", "90D", "1d12h", "90s", "3 months", "1y", "10000d", "९d", "1d\n"],
)
def test_nothing_else_is(text: str) -> None:
    assert not DURATION.is_met(text)
    with pytest.raises(ValueError, match="is not a number of minutes, hours, days or weeks, such as '30m'"):
        duration_seconds(text)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0, "0 minutes"),
        (90, "1 minute"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (2 * DAY - 1, "47 hours"),
        (2 * DAY, "2 days"),
        (93.9 * DAY, "93 days"),
        (800 * DAY, "800 days"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_of_which_it_has_two(age: float, words: str) -> None:
    assert age_in_words(age) == words
