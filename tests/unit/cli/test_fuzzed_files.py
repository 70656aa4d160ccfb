"""Any file in the place of a preview or a state: the command shows it, or ends with one message."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.cli.drift.comparison import Stack, state_of
from pulumi_openai_admin.cli.plan import Review, in_markdown
from pulumi_openai_admin.cli.recorded import parsed
from pulumi_openai_admin.hosts.native.properties import camel, token
from pulumi_openai_admin.printable import printable
from tests.browser.pages import SOURCE
from tests.unit.fuzzing import EXAMPLES, VALUES

KINDS = sorted(resources.ALL)
TYPES = [
    *(token(kind) for kind in KINDS),
    *(f"pulumi-python:dynamic/openai-admin:{kind}" for kind in KINDS),
    *("pulumi:providers:openai-admin", "pulumi:providers:pulumi-python", "pulumi:pulumi:Stack", "a:b:C", ""),
]
NAMES = sorted(
    {
        spelled
        for kind in KINDS
        for field in resources.class_of(kind).declaration.fields.values()
        for spelled in (field.stored, camel(field.name))
    }
)
PROPERTIES = st.dictionaries(st.sampled_from([*NAMES, "__managed", "__provider"]), VALUES, max_size=6)
URNS = st.builds(lambda type_, name: f"urn:pulumi:dev::t::{type_}::{name}", st.sampled_from(TYPES), st.text(max_size=5))


def record(*extra: str) -> st.SearchStrategy[dict[str, Any]]:
    parts: dict[str, Any] = {
        "urn": URNS | VALUES,
        "type": st.sampled_from(TYPES),
        "id": st.sampled_from(["proj_1", "proj_1/x", "a/b/c", "organization", ""]) | VALUES,
        "inputs": PROPERTIES | PROPERTIES | VALUES,
        "outputs": PROPERTIES | PROPERTIES | VALUES,
        "provider": URNS | VALUES,
        "modified": st.sampled_from(["2026-11-29T00:00:00Z", "x"]) | VALUES,
    }
    return st.fixed_dictionaries({}, optional={**parts, **dict.fromkeys(extra, VALUES)}).map(_with_type)


def _with_type(values: dict[str, Any]) -> dict[str, Any]:
    """Mostly, the type is the one in the URN."""
    urn = values.get("urn")
    return {**values, "type": urn.split("::")[2]} if isinstance(urn, str) and urn.count("::") > 2 else values


STEPS = st.builds(
    lambda op, urn, old, new, rest: {"op": op, "urn": urn, "oldState": old, "newState": new, **rest},
    st.sampled_from(["create", "update", "delete", "same", "replace", "create-replacement", "import", "read"]) | VALUES,
    URNS | VALUES,
    record() | VALUES,
    record() | VALUES,
    st.fixed_dictionaries(
        {}, optional={"detailedDiff": VALUES, "diffReasons": VALUES, "replaceReasons": VALUES, "provider": VALUES}
    ),
)
PREVIEWS = st.binary(max_size=60) | st.builds(
    lambda steps, rest: json.dumps({"steps": steps, **rest}).encode(),
    st.lists(STEPS, max_size=4) | VALUES,
    st.fixed_dictionaries({}, optional={"config": VALUES, "diagnostics": VALUES, "changeSummary": VALUES}),
)
STATES = st.binary(max_size=60) | st.builds(
    lambda version, records: json.dumps({"version": version, "deployment": {"resources": records}}).encode(),
    st.sampled_from([3, 3, 3, 4, 2]) | VALUES,
    st.lists(record("delete", "external", "custom"), max_size=4) | VALUES,
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=PREVIEWS)
def test_any_preview_is_shown_or_refused(content: bytes) -> None:
    shown = ""
    try:
        in_markdown(Review(parsed(content, "The preview", ""), SOURCE))
    except errors.ConfigurationError as error:
        shown = str(error)
    assert printable(shown) == shown


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=STATES)
def test_any_state_is_read_or_refused(content: bytes) -> None:
    shown = ""
    try:
        stack = Stack(parsed(content, "The state", ""))
        for place, resources_in_place in stack.places.items():
            for resource in resources_in_place:
                state_of(resource, stack.anchors.get(place.provider, ""))
    except errors.ConfigurationError as error:
        shown = str(error)
    assert printable(shown) == shown
