"""Paths of the API.

`FUZZ_EXAMPLES=20000 pytest tests/unit/schema/test_paths.py tests/unit/schema/test_ids.py` tries more ids.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.util import parse_url

import pulumi_openai_admin
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.schema.paths import (
    PARENTS,
    ROOTS,
    Paging,
    fill,
    id_failure,
    ids_in,
    parents_in,
    path_failure,
    template_of,
)
from tests.unit.fuzzing import EXAMPLES

LIMIT = "/organization/projects/{project_id}/rate_limits/{id}"


@pytest.mark.parametrize(
    "value",
    [
        ".", "..", "...", "a/b", "../x", "a\\b", "a b", " a", "a%2fb", "a?b", "a#b", "a\nb", "a\x00", "é", "a\u200b",
        "{id}", "\uff41", "a\n",
    ],
)  # fmt: skip
def test_nothing_else_is_an_id(value: str) -> None:
    assert id_failure(value) == "is not an id: only letters, digits and -._~!$&'()*+,;=:@ are allowed"


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("rl-ft:gpt-4o:acme", "rl-ft%3Agpt-4o%3Aacme"),
        ("rl-org/model", "rl-org%2Fmodel"),
        ("%2e%2e", "%252e%252e"),
        ("a?b#c", "a%3Fb%23c"),
        ("a..b", "a..b"),
    ],
)
def test_an_id_stays_one_segment_of_the_path(value: str, quoted: str) -> None:
    path = fill(LIMIT, project_id="proj_1", id=value)
    assert path == f"/organization/projects/proj_1/rate_limits/{quoted}"
    assert unquote(path.rsplit("/", 1)[1]) == value


@pytest.mark.parametrize(
    "value", ["", ".", "..", "a/../b", "../a", "a/..", "a/./b", "/a", "a/", "a//b", "a\nb", "a\rb", "a\x00b", "\u202e"]
)
def test_what_could_lead_elsewhere_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        fill(LIMIT, project_id=value, id="rl-gpt-4o")
    assert raised.value.what == f"project_id can't be part of a request's path: {value!r}"
    assert raised.value.advice == "Check the resource's id in the program and in the state."


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/v1/organization/x", "must begin with /organization/ or /projects/, without the base URL"),
        ("https://api.openai.com/v1/organization/x", "must begin with "),
        ("/organization/{id}/x", "has the placeholder {id}: put the id in its place"),
        ("/organization/{id", "has the placeholder {id: "),
        ("/organization/<id>/x", "has the placeholder <id>: "),
        ("/organization/:id/x", "has the placeholder :id: "),
        ("/organization/$id", "has the placeholder $id: "),
        ("/organization/[id]/x", "has the placeholder [id]: "),
        ("/organization/x?limit=1", "has a query. Remove the query"),
        ("/organization/x#y", "has a query. Remove the query"),
        ("/organization/", "has an empty part: remove the slash"),
        ("/organization//x", "has an empty part: remove the slash"),
        ("/organization/../x", "has the part '..', which is not an id: "),
        ("/organization/a b", "has the part 'a b', which is not an id: "),
    ],
)
def test_what_is_wrong_with_a_path_is_named(path: str, failure: str) -> None:
    assert (path_failure(path) or "").startswith(failure)


BASE = "https://api.openai.com/v1"
HANDLERS = [getattr(pulumi_openai_admin, name).handler for name in ALL]
COLLECTIONS = {str(handler.path) for handler in HANDLERS if hasattr(handler, "path")}
TEMPLATES = sorted({*COLLECTIONS, *(f"{path}/{{id}}" for path in COLLECTIONS), *(p.path for p in PARENTS.values())})
HOSTILE = st.sampled_from(
    ["..", ".", "/", "//", "\\", "%2e%2e", "%2f", "%00", "?", "#", "@", ":", ";", "{id}", "{0}", "evil.test", "http:",
     "\r\n", "\t", " ", "\u2025", "\uff0f", "\u200b", "proj_1", "rl-", "$", "&", "=", "[", "]"]
)  # fmt: skip
IDS = st.text() | st.text(alphabet=st.characters(codec=None)) | st.lists(HOSTILE, min_size=1, max_size=6).map("".join)


def sent(path: str) -> str:
    """The path that a request is sent to, after all that the HTTP client makes of it."""
    url = parse_url(requests.Request("GET", BASE + path).prepare().url or "")
    assert (url.scheme, url.host, url.port, url.auth) == ("https", "api.openai.com", None, None)
    assert (url.query, url.fragment) == (None, None)
    return (url.path or "").removeprefix("/v1")


@settings(max_examples=EXAMPLES, deadline=None)
@given(template=st.sampled_from(TEMPLATES), ids=st.lists(IDS, min_size=3, max_size=3))
def test_an_id_stays_in_its_place(template: str, ids: list[str]) -> None:
    names = [part[1:-1] for part in template.split("/") if part.startswith("{")]
    values = dict(zip(names, ids, strict=False))
    with suppress(ConfigurationError):
        parts = sent(fill(template, **values)).split("/")
        expected = template.split("/")
        filled = [values[part[1:-1]] if part.startswith("{") else part for part in expected]
        assert [unquote(part) for part in parts] == filled


@settings(max_examples=EXAMPLES, deadline=None)
@given(root=st.sampled_from(ROOTS), parts=st.lists(IDS | st.just("a"), min_size=1, max_size=4))
def test_a_path_of_a_program_is_sent_as_it_is(root: str, parts: list[str]) -> None:
    path = root + "/".join(parts)
    if path_failure(path) is None:
        assert sent(path) == path


@pytest.mark.parametrize(
    ("path", "ids", "template"),
    [
        ("/organization/things", {}, "/organization/things"),
        ("/organization/projects/p/x", {"project_id": "p"}, "/organization/projects/{project_id}/x"),
        ("/projects/p/groups/g/x", {"project_id": "p", "group_id": "g"}, "/projects/{project_id}/groups/{group_id}/x"),
        ("/organization/projects/proj_1", {}, "/organization/projects/proj_1"),
        ("/organization/things/users/x/y", {}, "/organization/things/users/x/y"),
    ],
)
def test_parents_stand_in_a_whole_path(path: str, ids: dict[str, str], template: str) -> None:
    assert ids_in(path) == ids
    assert template_of(path) == template
    assert {parent.id_name: id_ for parent, id_ in parents_in({"path": path})} == ids


ROWS = [{"id": "obj_1", "name": "first"}, {"id": "obj_2", "name": "last"}]


@pytest.mark.parametrize(
    ("paging", "page", "cursor"),
    [
        (Paging.LAST_ID, {"last_id": "obj_9"}, "obj_9"),
        (Paging.LAST_ID, {"last_id": None}, "obj_2"),
        (Paging.LAST_ID, {}, "obj_2"),
        (Paging.LAST_ID, {"next": "token"}, "token"),
        (Paging.LAST_ID, {"next": "token", "last_id": "obj_9"}, "token"),
        (Paging.LAST_ID, {"next": None, "last_id": "obj_9"}, "obj_9"),
        (Paging.NEXT, {"next": "token", "next_page": "other", "last_id": "obj_9"}, "token"),
        (Paging.NEXT_PAGE, {"next": "other", "next_page": "token", "last_id": "obj_9"}, "token"),
        (Paging.NEXT, {"last_id": "obj_2"}, None),
        (Paging.NEXT_PAGE, {"last_id": "obj_2"}, None),
    ],
)
def test_each_kind_of_list_has_a_cursor_in_one_place(paging: Paging, page: dict[str, Any], cursor: str | None) -> None:
    assert paging.cursor(page, ROWS, "id") == cursor
    assert paging.cursor({}, [], "id") is None
