"""No id can change the path or the host of a request, whatever it is.

`FUZZ_EXAMPLES=20000 pytest tests/unit/http/test_ids_in_paths.py tests/unit/schema/test_ids.py` tries more of them.
"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import unquote

import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.util import parse_url

import pulumi_openai_admin
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.schema.paths import PARENTS, ROOTS, fill, id_failure, path_failure
from tests.unit.fuzzing import EXAMPLES

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
        assert [unquote(part) for part in parts] == [
            values[part[1:-1]] if part.startswith("{") else part for part in expected
        ]


@settings(max_examples=EXAMPLES, deadline=None)
@given(value=IDS)
def test_what_is_an_id_is_sent_as_it_is(value: str) -> None:
    if id_failure(value) is None:
        assert unquote(sent(fill("/organization/groups/{id}", id=value))) == f"/organization/groups/{value}"


@settings(max_examples=EXAMPLES, deadline=None)
@given(root=st.sampled_from(ROOTS), parts=st.lists(IDS | st.just("a"), min_size=1, max_size=4))
def test_a_path_of_a_program_is_sent_as_it_is(root: str, parts: list[str]) -> None:
    path = root + "/".join(parts)
    if path_failure(path) is None:
        assert sent(path) == path
