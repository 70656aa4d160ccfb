from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from tools import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

LIMIT_MS = 180_000
"""The limit of Playwright's own waits: that of a test. What a test waits for comes, however slowly."""
ADDRESS = "http://limits.invalid/"
expect.set_options(timeout=LIMIT_MS)


@dataclass
class Window:
    """Opens pages, and notes whatever else they ask for and whatever goes wrong in them."""

    chromium: Browser
    asked_for: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, html: str, fragment: str = "", **settings: Any) -> Page:
        """Open a page that is a file."""
        return self.visit(ADDRESS + fragment, html, **settings)

    def visit(self, address: str, html: str = "", **settings: Any) -> Page:
        """Open a page with this content, or else the one that a server of ours gives; nothing else is let through."""

        def answer(route: Route) -> None:
            if html and route.request.url.partition("#")[0] == ADDRESS and route.request.is_navigation_request():
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif not html and route.request.url.startswith(address):
                route.continue_()
            else:
                self.asked_for.append(route.request.url)
                route.abort()

        context = self.chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **settings})
        self.contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.set_default_timeout(LIMIT_MS)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        return page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One a module: Playwright's event loop runs as long as it is open, and other tests have loops of their own."""
    with sync_playwright() as playwright:
        launched = browser.launch(playwright)
        yield launched
        launched.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Window]:
    opened = Window(chromium)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.asked_for == []
    assert opened.wrong == []


@pytest.fixture
def page(window: Window, request: pytest.FixtureRequest) -> Page:
    """The page that the module of a test writes."""
    return window.open(request.module.written())
