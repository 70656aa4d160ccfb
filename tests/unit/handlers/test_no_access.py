"""What `adopt`, previews and look-ups find at an endpoint that OpenAI does not serve to the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import data_sources, errors, resources
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.schema.paths import feature_of
from tests.unit.fakes import FakeOpenAI, error_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

RESTRICTED = {
    name: kind
    for name in (*resources.ALL, *data_sources.ALL)
    if (kind := kinds.kind(name)) and feature_of(kind.handler.path)
}


def known(kind: LookUpKind) -> Remote:
    """An object as a state has it."""
    return Remote({kind._fields[name].wire: "id_1" for name in kind.parents}, "id_1")


def questions(kind: LookUpKind) -> dict[str, Callable[[Client], Any]]:
    """What the command line, previews and programs ask."""
    handler: Any = kind.handler
    ids = dict.fromkeys(kind.parents, "id_1")
    asked: dict[str, Callable[[Client], Any]] = {
        "list": lambda client: kind.all(client, **ids),
        "look up by id": lambda client: kind.show(client, "id_1", **ids),
        "look up by name": lambda client: kind.find(client, "name", "a", **ids),
        "adopt: ids": lambda client: handler.ids(client, Remote(known(kind).parents)),
        "adopt: inputs": lambda client: handler.declared(client, known(kind)),
        "adopt": lambda client: handler.adopt(client, known(kind), Wanted({}, {})),
        "preview of an object": lambda client: handler.observe(client, known(kind), Wanted({}, {})),
    }
    if not kind.is_listed:  # nothing of it is asked of a kind without a list
        asked = {name: ask for name, ask in asked.items() if name not in {"list", "look up by name", "adopt: ids"}}
    can = {"adopt: ids": "ids", "adopt: inputs": "declared", "adopt": "adopt", "preview of an object": "observe"}
    return {name: ask for name, ask in asked.items() if hasattr(handler, can.get(name, "path"))}


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        pytest.param(kind, ask, id=f"{name}-{question}")
        for name, kind in RESTRICTED.items()
        for question, ask in questions(kind).items()
    ],
)
def test_each_question_has_one_answer(
    client: Client, openai: FakeOpenAI, kind: LookUpKind, ask: Callable[[Client], Any]
) -> None:
    openai.surprise("GET", ".*", (404, error_body("Unsupported endpoint")), times=99)
    with pytest.raises(errors.NoAccessError) as refused:
        ask(client)
    assert refused.value.reason == f"the organization has no access to {feature_of(kind.handler.path)}"
    assert refused.value.reason in refused.value.what
