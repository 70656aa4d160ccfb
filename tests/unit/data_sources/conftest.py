"""What OpenAI shows to provider functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from requests_mock import ANY

from tests.unit.fakes import KEY, URL, error_body

if TYPE_CHECKING:
    import requests_mock

PROJECTS = "/organization/projects"
GROUPS = "/organization/groups"
"""A list whose pages have a token in place of the last id."""
_TOKEN = "after "


class Pages:
    """Lists in pages of two, single objects, and other replies."""

    def __init__(self, mock: requests_mock.Mocker) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.replies: dict[str, tuple[int, Any]] = {}
        """By path, what is replied in place of a list or an object."""
        self.script: list[dict[str, Any]] = []
        """The next replies, whatever is asked."""
        self.asked: list[str] = []
        mock.register_uri("GET", ANY, json=self._answer)

    def queries(self, path: str) -> list[str]:
        return [url.partition("?")[2] for url in self.asked if url.partition("?")[0] == path]

    @property
    def parameters(self) -> list[list[tuple[str, str]]]:
        """The query of each request."""
        return [parse_qsl(url.partition("?")[2]) for url in self.asked]

    def _answer(self, request: Any, context: Any) -> Any:
        assert request.headers["Authorization"] == f"Bearer {KEY}"
        self.asked.append(request.url.removeprefix(URL))
        if self.script:
            return self.script.pop(0)
        path = self.asked[-1].partition("?")[0]
        if path in self.replies:
            context.status_code, reply = self.replies[path]
            return reply
        if path not in self.lists:
            parent, _, id_ = path.rpartition("/")
            for row in self.lists.get(parent, []):
                if row["id"] == id_:
                    return row
            context.status_code = 404
            return error_body(f"No such thing: {id_}")
        rows = self.lists[path]
        if path == PROJECTS and request.qs.get("include_archived") != ["true"]:
            rows = [row for row in rows if row.get("status") != "archived"]
        ids = [row.get("id") for row in rows]
        start = ids.index(request.qs["after"][0].removeprefix(_TOKEN)) + 1 if "after" in request.qs else 0
        page = rows[start : start + 2]
        last = page and page[-1].get("id")
        cursor = {"next": f"{_TOKEN}{last}"} if path == GROUPS else {"last_id": last}
        return {"object": "list", "data": page, "has_more": start + 2 < len(rows), **cursor}


@pytest.fixture
def pages(requests_mock: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    return Pages(requests_mock)
