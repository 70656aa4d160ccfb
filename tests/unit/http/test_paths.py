from __future__ import annotations

from urllib.parse import unquote

import pytest

from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.schema.paths import fill, id_failure, path_failure

LIMIT = "/organization/projects/{project_id}/rate_limits/{id}"


@pytest.mark.parametrize(
    "value", ["proj_abc123", "svc_acct_1", "rl-gpt-4.1-nano", "rl-ft:gpt-4o:acme::x", "user-a@b.c"]
)
def test_openais_ids_are_ids(value: str) -> None:
    assert id_failure(value) is None


@pytest.mark.parametrize(
    "value",
    [
        ".", "..", "...", "a/b", "../x", "a\\b", "a b", " a", "a%2fb", "a?b", "a#b", "a\nb", "a\x00", "é", "a\u200b",
        "{id}", "\uff41", "a\n",
    ],
)  # fmt: skip
def test_nothing_else_is_an_id(value: str) -> None:
    assert id_failure(value) == "is not an id: only letters, digits and -._~!$&'()*+,;=:@ are allowed"


def test_an_empty_id_is_said_to_be_empty() -> None:
    assert id_failure("") == "is empty"


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("rl-gpt-4o", "rl-gpt-4o"),
        ("rl-ft:gpt-4o:acme", "rl-ft%3Agpt-4o%3Aacme"),
        ("rl-org/model", "rl-org%2Fmodel"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("a b", "a%20b"),
        ("a?b#c", "a%3Fb%23c"),
        ("é", "%C3%A9"),
        ("a..b", "a..b"),
        ("{id}", "%7Bid%7D"),
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


def test_the_refusal_shows_the_value_harmlessly() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        fill(LIMIT, project_id="p", id="\x1b[31m")
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("path", ["/organization/things", "/projects/proj_1/roles/a:b", "/organization/a_b/c-d/e.f"])
def test_paths_of_the_api(path: str) -> None:
    assert path_failure(path) is None


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
