from __future__ import annotations

import logging
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.engine.process import EngineHandler
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.printable import bounded, printable, without_commands
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = "\x1b[2J\u202egnp\x9b\u200b\n\u2028\ud800\U000e0041"
"""Clears the screen, turns the line around, hides, begins a line, can't be encoded."""
SHOWN = r"\u001b[2J\u202egnp\u009b\u200b\u000a\u2028\ud800\U000e0041"


@pytest.mark.parametrize("text", ["Web shop", "東京", "مشروع", "Crème\u00a0brûlée", "<b>&\"'\\", "👩💻", ""])
def test_what_is_seen_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_is_left_that_acts_on_a_terminal(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert shown.encode().decode() == shown
    assert printable(shown) == shown


@pytest.mark.parametrize(
    "code", [0x034F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x2065, 0x2800, 0x3164, 0xFE0F, 0xFFA0, 0xE0100]
)
def test_what_fonts_show_nothing_for_is_escaped(code: int) -> None:
    assert printable(f"Team{chr(code)}").startswith("Team\\")


@pytest.mark.parametrize("kind", [errors.AdminError, errors.ResourceGoneError, LookUpError])
def test_an_error_shows_no_character_that_acts(kind: Callable[..., errors.AdminError]) -> None:
    error = kind(f"There is no {HOSTILE}", suggestion("\x1b[2J\u202egn", [HOSTILE], "Limits"))
    assert str(error) == f"There is no {SHOWN}. Did you mean {SHOWN}?"
    assert error.event == f"There is no {SHOWN}"
    assert error.advice == f"Did you mean {SHOWN}?"


def test_a_warning_shows_no_character_that_acts(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("test", logging.WARNING, __file__, 1, "%s was changed", (HOSTILE,), None)
    EngineHandler(PULUMI, lambda: None).emit(record)
    assert capsys.readouterr().err == f"warning: {SHOWN} was changed\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::set-output name=x::y", r"\u003a:set-output name=x::y"),
        ("a\n  ::add-mask::y", "a\n  \\u003a:add-mask::y"),
        ("\x1b[1m::warning::y", "\x1b[1m\\u003a:warning::y"),
        ("\u3000::stop-commands::y", "\u3000\\u003a:stop-commands::y"),
        ("key ##[error]y", r"key \u0023#[error]y"),
        ("key ##vso[task.setvariable]y", r"key \u0023#vso[task.setvariable]y"),
        ("##teamcity[x]", r"\u0023#teamcity[x]"),
        ('"##[a]\\\\##[b]"', r'"\u0023#[a]\\\u0023#[b]"'),
    ],
)
def test_nothing_is_left_that_a_runner_executes(text: str, shown: str) -> None:
    assert without_commands(text) == shown
    assert without_commands(shown) == shown


@pytest.mark.parametrize("text", ["urn:pulumi:dev::test::type::name", "## Head", "a ::b", "#1 [x]", "std::vector"])
def test_what_no_runner_executes_stays_as_it_is(text: str) -> None:
    assert without_commands(text) == text


def test_twelve_are_named_and_of_more_the_number_is() -> None:
    names = [f"m{number}" for number in range(14)]
    assert bounded(", ", names[:12]) == ", ".join(names[:12])
    assert bounded(", ", names[:13]) == ", ".join(names[:12]) + ", and 1 more"
    assert bounded("; ", names) == "; ".join(names[:12]) + "; and 2 more"
