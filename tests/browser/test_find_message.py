"""The page of troubleshooting finds the entry for a message that is pasted whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.http.replies import status_error
from tools import docs_site
from tools.pinned import ROOT

if TYPE_CHECKING:
    from conftest import Window

SETTINGS = config.Settings("sk-admin-x", "the environment")
REFUSED = errors.ResponseFacts(400, "No", "rate_limit_not_updatable", "req_1")
FORBIDDEN = errors.ResponseFacts(403, "Missing scopes: api.management.write.", "", "req_2")
UNKNOWN_KEY = errors.ResponseFacts(401, "Incorrect API key provided.", "invalid_api_key", "req_3")


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    site = docs_site.make(tmp_path_factory.mktemp("docs"))
    built = (site / "troubleshooting.html").read_text(encoding="utf-8")
    article = re.search(r"<article.*</article>", built, re.DOTALL)
    assert article
    script = (ROOT / "docs" / "assets" / "find-message.js").read_text(encoding="utf-8")
    return f"<!doctype html>{article.group()}<script>{script}</script>"


def test_a_pasted_message_leads_to_its_entry_and_another_text_to_none(
    window: Window, page: str, subtests: pytest.Subtests
) -> None:
    opened = window.open(page)
    with pytest.raises(errors.ConfigurationError) as no_key:
        config.resolve({}, dict[str, object]().get)
    for message, entry in (
        (str(no_key.value), "There is no OpenAI admin key"),
        (str(status_error(UNKNOWN_KEY, "read the rows", SETTINGS, "--max-wait")), "does not accept the admin key"),
        (str(status_error(FORBIDDEN, "set the row", SETTINGS, "--max-wait")), "Give the admin key that scope"),
        (str(status_error(REFUSED, "set the row", SETTINGS, "--max-wait")), "rate_limit_not_updatable"),
        ("error: the stack is currently locked by 1 lock(s). Either wait for", "the stack is currently locked"),
    ):
        with subtests.test(entry):
            opened.get_by_label("Paste the whole message here").fill(f"  error: {message}\n")
            first = opened.locator("#find-message li a").first
            assert entry in (first.text_content() or "")
            target = (first.get_attribute("href") or "").removeprefix("#")
            assert opened.locator(f"[id='{target}']").count() == 1
    opened.get_by_label("Paste the whole message here").fill("the quick brown fox")
    assert "No entry has these words" in (opened.locator("#find-message").text_content() or "")
