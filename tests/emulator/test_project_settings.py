from __future__ import annotations

from typing import TYPE_CHECKING

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
