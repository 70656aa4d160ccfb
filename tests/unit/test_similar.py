from __future__ import annotations

import pytest

from pulumi_openai_admin.similar import did_you_mean, similar

PEOPLE = ("ada@example.com", "grace@example.com", "user-ada", "user-grace")
PROJECTS = ("proj_demo", "proj_staging", "Web shop")
LIMITS = ("max_requests_per_1_minute", "max_tokens_per_1_minute", "max_requests_per_1_day")


@pytest.mark.parametrize(
    ("name", "names", "found"),
    [
        ("adda@example.com", PEOPLE, ["ada@example.com"]),
        ("ada@exmaple.com", PEOPLE, ["ada@example.com"]),
        ("bob@example.com", PEOPLE, []),
        ("user-grce", PEOPLE, ["user-grace"]),
        ("proj_x", PROJECTS, []),
        ("web shp", PROJECTS, ["Web shop"]),
        ("max_requests_per_minute", LIMITS, ["max_requests_per_1_minute"]),
        ("max_rpm", LIMITS, []),
        ("user-", PEOPLE, ["user-ada"]),
        ("proj_dem", ("proj_default", *PROJECTS), ["proj_demo"]),
        ("WEB SHOP", (*PROJECTS, "Web shops"), ["Web shop"]),
    ],
)
def test_what_resembles_a_misspelled_name(name: str, names: tuple[str, ...], found: list[str]) -> None:
    assert similar(name, names, 1) == found


def test_a_question_has_the_nearest_names_as_they_are_spelled() -> None:
    assert did_you_mean("shp", ["shop", "shops", "blog"], most=2) == "Did you mean shop or shops?"
    assert did_you_mean("shp", ["shop", "shops"], spelled=repr) == "Did you mean 'shop'?"
    assert did_you_mean("shp", ["blog"], "The names are blog.") == "The names are blog."
