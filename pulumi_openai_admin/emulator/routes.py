"""The routes: which operation answers which path. A test holds this table against the official SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi.responses import JSONResponse

    from pulumi_openai_admin.emulator.replies import Replies

_PROJECTS = "/organization/projects"
_PROJECT = _PROJECTS + "/{project_id}"
_ACCOUNT = _PROJECT + "/service_accounts/{service_account_id}"
_KEY = _PROJECT + "/api_keys/{api_key_id}"


class Route(NamedTuple):
    """A method and a path below the base path, and what answers them."""

    method: str
    path: str
    answer: Callable[..., Awaitable[JSONResponse]]


def routes(replies: Replies) -> list[Route]:
    """Give every operation that the emulator knows."""
    table: list[tuple[str, str, Any]] = [
        ("GET", _PROJECTS, replies.list_projects),
        ("POST", _PROJECTS, replies.create_project),
        ("GET", _PROJECT, replies.retrieve_project),
        ("POST", _PROJECT, replies.update_project),
        ("POST", _PROJECT + "/archive", replies.archive_project),
        ("GET", _PROJECT + "/rate_limits", replies.list_rate_limits),
        ("POST", _PROJECT + "/rate_limits/{rate_limit_id}", replies.update_rate_limit),
        ("GET", _PROJECT + "/service_accounts", replies.list_accounts),
        ("POST", _PROJECT + "/service_accounts", replies.create_account),
        ("GET", _ACCOUNT, replies.retrieve_account),
        ("POST", _ACCOUNT, replies.update_account),
        ("DELETE", _ACCOUNT, replies.delete_account),
        ("POST", _ACCOUNT + "/api_keys", replies.create_key),
        ("GET", _PROJECT + "/api_keys", replies.list_keys),
        ("GET", _KEY, replies.retrieve_key),
        ("POST", _KEY, replies.update_key),
        ("DELETE", _KEY, replies.delete_key),
    ]
    return [Route(*row) for row in table]
