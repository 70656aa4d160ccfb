from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.cli import words as command_words
from pulumi_openai_admin.hosts.common import wording as pulumi_words
from pulumi_openai_admin.remedies import PLAIN, Advice, Formatter, Remedy, RemedyKind, Words

SHOUTED: Words = {kind: kind.name.lower() for kind in RemedyKind}
PACKAGE = Path(pulumi_openai_admin.__file__).parent
NAMES_NO_TOOL = [
    PACKAGE / "config.py",
    PACKAGE / "errors.py",
    PACKAGE / "remedies.py",
    *(path for folder in ("handlers", "http", "schema", "lifecycle") for path in (PACKAGE / folder).glob("*.py")),
]


@pytest.mark.parametrize("words", [PLAIN, pulumi_words.WORDS, command_words.WORDS])
def test_every_tool_has_a_clause_for_every_remedy(words: Words) -> None:
    assert words.keys() == set(RemedyKind)
    assert all(clause[0].islower() and clause[-1] not in ". " for clause in words.values())


@pytest.mark.parametrize("path", NAMES_NO_TOOL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_text_outside_the_tools_names_a_command_of_pulumi(path: Path) -> None:
    texts = [
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    ]
    named = [text for text in texts if isinstance(text, str) and ("`pulumi " in text or "ResourceOptions" in text)]
    assert named == []


def test_advice_is_put_together_in_the_words_of_a_tool() -> None:
    advice = Advice("Delete it, then ", remedies.RUN_AGAIN, ". ", remedies.REFRESH, ".")
    assert str(advice) == "Delete it, then run the command again. Refresh the state."
    assert advice.in_words(SHOUTED) == "Delete it, then run_again. Refresh."
    assert advice.kind is RemedyKind.RUN_AGAIN


def test_advice_may_quote_an_error_with_its_own_advice() -> None:
    inner = errors.AdminError("It broke", Advice(remedies.RUN_AGAIN, "."))
    assert Advice("gpt-4o: ", inner, " ", remedies.REFRESH, ".").in_words(SHOUTED) == (
        "gpt-4o: It broke. Run_again. Refresh."
    )


def test_a_remedy_names_the_resource() -> None:
    remedy = Remedy(RemedyKind.REMOVE_FROM_STATE, urn="urn:pulumi:dev::shop::t::it")
    assert remedy.in_words(pulumi_words.WORDS) == "remove it with `pulumi state delete 'urn:pulumi:dev::shop::t::it'`"
    assert "urn:pulumi:dev::shop::t::it" in str(remedy)


def test_advice_shows_no_invisible_character() -> None:
    assert str(Advice("Did you mean \x1b[2J?")) == "Did you mean \\u001b[2J?"


def test_an_error_has_the_kind_of_its_remedy() -> None:
    assert errors.UpdateNotAppliedError("It is 60 still").remedy is RemedyKind.RUN_AGAIN
    assert errors.AdminError("It broke", "Look at it.").remedy is None
    assert errors.AdminError("It broke").advice == ""


def test_each_tool_describes_an_error_in_its_own_words() -> None:
    error = errors.ResponseLostError("The reply was lost", Advice(remedies.RUN_AGAIN, "."))
    assert str(error) == "The reply was lost. Run the command again."
    assert pulumi_words.describe(error) == "The reply was lost. Run `pulumi up` again."
    assert command_words.describe(error) == "The reply was lost. Run the same command again."
    assert command_words.advice_of(error) == "Run the same command again."
    for describe in (pulumi_words.describe, command_words.describe):
        assert describe(ValueError("not ours")) == "not ours"


def test_a_log_line_is_in_the_words_of_the_tool_and_its_record_stays_as_it_was() -> None:
    error = errors.AdminError("It broke", Advice(remedies.REFRESH, "."))
    arguments = (3, error, remedies.RUN)
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%d times: %s Then %s.", arguments, None)
    assert Formatter(SHOUTED).format(record) == "3 times: It broke. Refresh. Then run."
    assert record.getMessage() == "3 times: It broke. Refresh the state. Then update the resources."


def test_a_log_line_without_arguments_stays_as_it_is() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "100 %", (), None)
    assert Formatter(SHOUTED).format(record) == "100 %"
