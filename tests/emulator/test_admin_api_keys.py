from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from openai import OpenAI

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control, EmulatorServer


def other(emulator: EmulatorServer, value: str) -> Organization:
    return OpenAI(admin_api_key=value, base_url=emulator.base_url, max_retries=0).admin.organization


def test_a_key_is_shown_once_and_works(organization: Organization, emulator: EmulatorServer) -> None:
    made = organization.admin_api_keys.create(name="second")
    assert made.value.startswith("sk-admin-")
    assert (made.name, made.expires_at, made.owner.type) == ("second", None, "user")
    assert [key.name for key in other(emulator, made.value).admin_api_keys.list()] == ["emulator", "second"]
    assert made.value not in str(emulator.control.live())
    shown = organization.admin_api_keys.retrieve(made.id)
    assert shown.redacted_value == f"sk-admin-...{made.value[-4:]}"


def test_the_key_in_use_can_be_deleted(organization: Organization, emulator: EmulatorServer) -> None:
    made = organization.admin_api_keys.create(name="second")
    itself = other(emulator, made.value)
    assert itself.admin_api_keys.delete(made.id).deleted
    with pytest.raises(openai.AuthenticationError):
        itself.admin_api_keys.list()


def test_a_key_expires_by_the_clock(organization: Organization, emulator: EmulatorServer, control: Control) -> None:
    made = organization.admin_api_keys.create(name="short", expires_in_seconds=60)
    assert list(other(emulator, made.value).groups.list()) == []
    control.advance_clock(60)
    with pytest.raises(openai.AuthenticationError):
        other(emulator, made.value).groups.list()
