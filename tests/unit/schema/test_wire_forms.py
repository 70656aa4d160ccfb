"""How values are written in requests and replies, where OpenAI writes them differently."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import ExternalKey, Invite, ProjectServiceTierSettings
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.shapes import RenamedInItems, Tagged, WholeList
from pulumi_openai_admin.schema.unknown import UNKNOWN

TAGGED, WHOLE, RENAMED = Tagged(), WholeList("all"), RenamedInItems({"project_id": "id"})


@pytest.mark.parametrize(
    ("form", "declared", "at_openai"),
    [
        (TAGGED, {"aws": {"kms_arn": "arn"}}, {"type": "aws", "kms_arn": "arn"}),
        (TAGGED, {"discovery": {}}, {"type": "discovery"}),
        (WHOLE, ["all"], "all"),
        (WHOLE, ["flex"], ["flex"]),
        (WHOLE, [], []),
        (RENAMED, [{"project_id": "proj_1", "role": "owner"}], [{"id": "proj_1", "role": "owner"}]),
        (RENAMED, None, None),
        (TAGGED, None, None),
    ],
)
def test_a_value_is_written_as_openai_does_and_read_back(form: Any, declared: Any, at_openai: Any) -> None:
    assert form.to_openai(declared) == at_openai
    assert form.from_openai(at_openai) == declared


@pytest.mark.parametrize("value", [UNKNOWN, {"aws": UNKNOWN}, [UNKNOWN]])
@pytest.mark.parametrize("form", [TAGGED, WHOLE, RENAMED])
def test_what_is_not_known_yet_stays(form: Any, value: Any) -> None:
    assert form.to_openai(value) == value


@pytest.mark.parametrize(
    ("resource", "name", "declared", "at_openai"),
    [
        (ExternalKey, "provider", {"aws": {"kms_arn": "arn"}}, {"type": "aws", "kms_arn": "arn"}),
        (Invite, "projects", [{"project_id": "p", "role": "owner"}], [{"id": "p", "role": "owner"}]),
        (ProjectServiceTierSettings, "enabled_tiers", ["all"], "all"),
    ],
)
def test_handlers_get_and_give_the_form_of_openai(resource: Any, name: str, declared: Any, at_openai: Any) -> None:
    declaration = resource.declaration
    assert state.to_wanted(declaration, {name: declared}).settings[name] == at_openai
    assert state.to_document(declaration, {name: declared})[name] == at_openai
    parents = {"project_id": "proj_1"}
    id_ = "/".join([*parents.values()] if "project_id" in declaration.fields else ["id_1"])
    remote = state.to_remote(declaration, id_, {name: declared})
    assert state.to_outputs(declaration, remote, [name])[name] == declared
