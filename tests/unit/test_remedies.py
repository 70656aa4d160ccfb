from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import config, errors, remedies
from pulumi_openai_admin.cli import words as command_words
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.engine.wording import COMMAND_LINE, NATIVE, PULUMI
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.remedies import PLAIN, Advice, Name, RemedyKind, Words

PACKAGE = Path(pulumi_openai_admin.__file__).parent
NAMES_NO_TOOL = [
    PACKAGE / "config.py",
    PACKAGE / "errors.py",
    PACKAGE / "remedies.py",
    *(path for folder in ("handlers", "http", "schema", "lifecycle") for path in (PACKAGE / folder).rglob("*.py")),
]


@pytest.mark.parametrize("words", [PLAIN, PULUMI, NATIVE, COMMAND_LINE])
def test_every_tool_has_words_for_every_remedy_and_setting(words: Words) -> None:
    assert words.keys() == {*RemedyKind, *Name}
    clauses = [words[kind] for kind in RemedyKind if words[kind]]
    assert all(clause[0].islower() and clause[-1] not in ". " for clause in clauses)
    assert all(words[name] for name in Name)


def test_a_message_names_settings_in_the_words_of_its_tool() -> None:
    settings = Settings("sk-admin-x", "the drawer")
    facts = errors.ResponseFacts(429, "Slow down")
    throttled = replies.status_error(facts, "read it", settings, settings.name("maxWaitSeconds"))
    assert throttled.in_words(PULUMI) == (
        "Could not read it: the Administration API rate limit did not clear within openai-admin:maxWaitSeconds: Slow "
        "down (status 429). Run `pulumi up` again to continue. Raise openai-admin:maxWaitSeconds to wait longer."
    )
    assert throttled.in_words(COMMAND_LINE) == (
        "Could not read it: the Administration API rate limit did not clear within --max-wait: Slow down (status "
        "429). Run the same command again to continue. Raise --max-wait to wait longer."
    )
    refused = replies.status_error(errors.ResponseFacts(401, "No"), "read it", settings, "--max-wait")
    assert refused.in_words(PULUMI).endswith("Refresh and destroy use the configuration that the last update recorded.")
    assert refused.in_words(COMMAND_LINE).endswith("under Settings > Organization > Admin keys.")


def test_without_a_key_each_tool_says_how_to_use_that_of_a_stack() -> None:
    with pytest.raises(errors.ConfigurationError) as raised:
        config.resolve({}, dict[str, object]().get)
    then = "There is no OpenAI admin key. Set the environment variable OPENAI_ADMIN_KEY. "
    assert raised.value.in_words(PULUMI) == (
        f"{then}To keep the key in the stack instead, run `pulumi config set --secret openai-admin:adminApiKey`."
    )
    assert raised.value.in_words(COMMAND_LINE) == (
        f"{then}If the key is in a stack: `export OPENAI_ADMIN_KEY=$(pulumi config get openai-admin:adminApiKey)`."
    )


@pytest.mark.parametrize("path", NAMES_NO_TOOL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_text_outside_the_tools_names_a_command_of_pulumi(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    named = [text for text in texts if isinstance(text, str) and ("`pulumi " in text or "ResourceOptions" in text)]
    assert named == []


def test_each_tool_describes_an_error_in_its_own_words() -> None:
    error = errors.ResponseLostError("The reply was lost", Advice(remedies.RUN_AGAIN, "."))
    assert str(error) == "The reply was lost. Run the command again."
    assert remedies.describe(error, PULUMI) == "The reply was lost. Run `pulumi up` again."
    assert command_words.describe(error) == "The reply was lost. Run the same command again."
    assert command_words.advice_of(error) == "Run the same command again."
    assert remedies.describe(ValueError("not ours"), PULUMI) == "not ours"
