from __future__ import annotations

import pytest

from pulumi_openai_admin import OrganizationSpendAlert, ProjectSpendLimit
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.formats import (
    DURATION,
    age_in_words,
    duration_in_words,
    duration_seconds,
    format_dollars,
)
from pulumi_openai_admin.schema.shapes import UNKNOWN
from pulumi_openai_admin.schema.validation import failure


@pytest.mark.parametrize(
    ("cents", "text"),
    [(100_000, "$1,000"), (1050, "$10.50"), (1, "$0.01"), (0, "$0"), (123_456_789, "$1,234,567.89")],
)
def test_cents_are_shown_as_dollars(cents: int, text: str) -> None:
    assert format_dollars(cents) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1000.50, "threshold_amount must be a whole number of cents, 1 or more, not 1000.5: $1,000.50 is 100050."),
        (0, "threshold_amount must be a whole number of cents, 1 or more, not 0."),
        ("$1,000", "threshold_amount must be a whole number of cents, 1 or more, not a string."),
        (None, "threshold_amount is missing: set it to a whole number of cents, 1 or more."),
        (float("inf"), "threshold_amount must be a whole number of cents, 1 or more, not inf."),
    ],
)
def test_the_error_of_an_amount_names_cents_and_how_dollars_are_written(value: object, message: str) -> None:
    assert failure(ProjectSpendLimit.declaration.fields["threshold_amount"], value, is_secret=False) == message


def test_a_secret_amount_is_not_shown_in_dollars_either() -> None:
    message = failure(OrganizationSpendAlert.declaration.fields["threshold_amount"], 99.5, is_secret=True)
    assert message == "threshold_amount must be a whole number of cents, 0 or more."


DAY = 86_400


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("30m", 1800, "30 minutes"),
        ("1h", 3600, "1 hour"),
        ("24h", DAY, "24 hours"),
        ("90d", 90 * DAY, "90 days"),
        ("2w", 14 * DAY, "2 weeks"),
        ("9999w", 9999 * 7 * DAY, "9,999 weeks"),
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


END_OF_2026 = 1_798_761_600


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2027-01-01T00:00:00Z", "2027-01-01 00:00 UTC"),
        ("2027-01-01T01:00+01:00", "2027-01-01 00:00 UTC"),
        ("2026-12-31t19:00:00.123456789-05:00", "2027-01-01 00:00 UTC"),
        (END_OF_2026, "2027-01-01 00:00 UTC"),
        (float(END_OF_2026), "2027-01-01 00:00 UTC"),
    ],
)
def test_all_forms_are_the_same_moment(value: object, shown: str) -> None:
    assert formats.moment_seconds(value) == END_OF_2026
    assert formats.moment_in_words(value) == shown


def test_the_last_day_that_can_be_written() -> None:
    assert formats.moment_seconds("9999-12-31") == formats.LATEST + 1


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "2026-12-31T18:00:00",
        "2026-12-31T25:00:00Z",
        "2026-12",
        "tomorrow",
        "1798761600",
        "1960-01-01",
        UNKNOWN,
        END_OF_2026 * 1000,
        0,
        True,
        None,
    ],
)
def test_anything_else_is_none(value: object) -> None:
    assert formats.moment_seconds(value) is None
    assert not isinstance(value, str) or not formats.MOMENT.is_met(value)


CONTENT = "A" * 64 + "B" * 64 + "CC=="
CANONICAL = f"{formats.BEGIN}\n{'A' * 64}\n{'B' * 64}\nCC==\n{formats.END}\n"


@pytest.mark.parametrize(
    "text",
    [
        CANONICAL,
        CANONICAL.replace("\n", "\r\n"),
        f"\n  {CANONICAL}\n\n",
        f"{formats.BEGIN}{CONTENT}{formats.END}",
        f"{formats.BEGIN}\n{CONTENT[:76]}\n  {CONTENT[76:]}\n{formats.END}",
    ],
)
def test_white_space_and_line_endings_make_no_difference(text: str) -> None:
    assert formats.canonical(text) == CANONICAL


@pytest.mark.parametrize("text", ["", "text", CANONICAL * 2, f"{formats.BEGIN}\n{formats.END}", f"note\n{CANONICAL}"])
def test_what_is_not_one_certificate_stays_as_it_is(text: str) -> None:
    assert formats.canonical(text) == text
