from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control

DEMO = "proj_demo"


def test_a_setting_is_there_and_is_stored_only_while_it_differs(organization: Organization, control: Control) -> None:
    before = control.live()
    retention = organization.projects.data_retention
    assert retention.retrieve(DEMO).type == "organization_default"
    assert retention.update(DEMO, retention_type="none").type == "none"
    assert retention.retrieve(DEMO).type == "none"
    assert retention.retrieve("proj_staging").type == "organization_default"
    assert list(control.live("project_data_retention")) == ["project_data_retention"]
    retention.update(DEMO, retention_type="organization_default")
    assert control.live() == before
    assert organization.data_retention.update(retention_type="zero_data_retention").type == "zero_data_retention"


def test_a_setting_that_may_be_absent(organization: Organization, control: Control) -> None:
    before = control.live()
    permissions = organization.projects.model_permissions
    for call in (permissions.retrieve, permissions.delete):
        with pytest.raises(openai.NotFoundError, match=f"The model permissions of project {DEMO} was not found"):
            call(DEMO)
    for models in (["gpt-4o"], []):
        permissions.update(DEMO, mode="allow_list", model_ids=models)
        assert permissions.retrieve(DEMO).api_model_ids == models
    assert permissions.delete(DEMO).object == "project.model_permissions.deleted"
    assert control.live() == before
    assert permissions.update(DEMO, mode="deny_list", model_ids=["o1"]).mode == "deny_list"


def test_hosted_tools_that_are_not_named_stay_as_they_are(organization: Organization, control: Control) -> None:
    before, tools = control.live(), organization.projects.hosted_tool_permissions
    assert set(tools.retrieve(DEMO).to_dict()) == {
        "file_search",
        "web_search",
        "image_generation",
        "mcp",
        "code_interpreter",
    }
    changed = tools.update(DEMO, mcp={"enabled": False}, web_search=None)
    assert (changed.mcp.enabled, changed.web_search.enabled) == (False, True)
    assert tools.update(DEMO, web_search={"enabled": False}).mcp.enabled is False
    assert tools.retrieve("proj_staging").mcp.enabled is True
    tools.update(DEMO, mcp={"enabled": True}, web_search={"enabled": True})
    assert control.live() == before
