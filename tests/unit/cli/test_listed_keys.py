from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pulumi_openai_admin.cli.listed_keys import DAY, ListedKey, TimeScale

NOW = int(datetime(2026, 11, 29, tzinfo=UTC).timestamp())


def key(created: int | None, expires: int | None = None) -> ListedKey:
    """A key, with times in days from now."""
    times = [None if days is None else NOW + days * DAY for days in (created, None, expires)]
    return ListedKey("key_1", "", "", "", "", None, None, None, None, None, *times, NOW)


@pytest.mark.parametrize(
    ("keys", "start", "end"),
    [
        ([], -90, 3.6),
        ([key(-10), key(None)], -90, 3.6),
        ([key(-400), key(-10)], -400, 16),
        ([key(-400, 100), key(-10, 20)], -400, 100),
        ([key(-400, 3000)], -400, 400),  # the future takes at most a half
        ([key(-400, -100)], -400, 16),
    ],
)
def test_a_scale_is_from_the_oldest_key_to_the_last_expiry(keys: list[ListedKey], start: float, end: float) -> None:
    scale = TimeScale.of(keys, NOW)
    assert ((scale.start - NOW) / DAY, (scale.end - NOW) / DAY) == (start, pytest.approx(end))
    assert scale.at(0) == scale.at(scale.start) == "0.0%"
    assert scale.at(scale.end) == scale.at(scale.end * 2) == "100.0%"


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (100, ["2026-09", "2026-10", "2026-11", "2026-12"]),
        (400, ["2026-01", "2026-04", "2026-07", "2026-10"]),
        (3000, ["2020-01", "2022-01", "2024-01", "2026-01"]),
    ],
)
def test_ticks_are_months_at_even_distances(days: int, names: list[str]) -> None:
    ticks = TimeScale.of([key(-days)], NOW).ticks()
    assert [name for _, name in ticks] == names
    places = [float(place.rstrip("%")) for place, _ in ticks]
    assert places == sorted(places)
    assert 0 < places[0] < places[-1] < 100
