from __future__ import annotations

from pulumi_openai_admin.cli.adopt.kinds import ACCOUNT, MODEL, PROJECT, Patterns


def test_without_patterns_everything_is_meant() -> None:
    assert Patterns().selects(PROJECT, "proj_a", "Web shop")
    assert Patterns().selects_any(MODEL)


def test_a_bare_glob_is_for_projects_alone() -> None:
    patterns = Patterns(include=["prod-*"])
    assert patterns.selects(PROJECT, "proj_a", "prod-web")
    assert not patterns.selects(PROJECT, "proj_b", "staging")
    assert patterns.selects(ACCOUNT, "ci")
    assert patterns.selects(MODEL, "gpt-4o")


def test_an_id_matches_too_and_a_missing_name_does_not() -> None:
    assert Patterns(include=["project:proj_a"]).selects(PROJECT, "proj_a", None)
    assert not Patterns(include=["Web*"]).selects(PROJECT, "proj_a", None)


def test_exclude_wins() -> None:
    patterns = Patterns(include=["model:gpt-*"], exclude=["model:*-shared"])
    assert patterns.selects(MODEL, "gpt-4o")
    assert not patterns.selects(MODEL, "gpt-4o-shared")
    assert not patterns.selects(MODEL, "o1")


def test_a_colon_that_is_no_prefix_belongs_to_the_glob() -> None:
    assert Patterns(exclude=["model:ft:*"]).selects(MODEL, "gpt-4o")
    assert not Patterns(exclude=["model:ft:*"]).selects(MODEL, "ft:gpt-4o:acme")
    assert not Patterns(exclude=["team: *"]).selects(PROJECT, "team: blue")


def test_patterns_that_match_nothing_are_known() -> None:
    patterns = Patterns(include=["prod-*", "model:gpt-*"], exclude=["account:tmp-*", "proj_z", "model:o9"])
    assert patterns.unused(PROJECT, ["proj_a", "prod-web", None]) == ["proj_z"]
    assert patterns.unused(ACCOUNT, ["ci"]) == ["account:tmp-*"]
    assert patterns.unused(MODEL, ["gpt-4o", "o1"]) == ["model:o9"]
    assert patterns.unused(MODEL, []) == ["model:gpt-*", "model:o9"]


def test_what_is_excluded_altogether_needs_no_list() -> None:
    assert not Patterns(exclude=["account:*"]).selects_any(ACCOUNT)
    assert Patterns(exclude=["account:*"]).selects_any(MODEL)
    assert Patterns(exclude=["account:a*"]).selects_any(ACCOUNT)
