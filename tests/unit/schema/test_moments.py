"""Moments: every form that a program may write, and what is none."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.unknown import UNKNOWN

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
