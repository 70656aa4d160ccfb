from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.keys.project_api_keys import AccountKeys, ProjectKeys, is_shown_as
from pulumi_openai_admin.handlers.keys.rotation import LostKeys
from tests.unit.fakes import NOW, FakeOpenAI, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

LONG_AGO = NOW - 3600


@pytest.fixture
def keys(client: Client, openai: FakeOpenAI) -> ProjectKeys:  # noqa: ARG001 - nothing leaves this machine
    return ProjectKeys(client, "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"})


@pytest.fixture
def key(openai: FakeOpenAI) -> str:
    return openai.add_key("svc_acct_9")


# Fate


def test_a_key_whose_time_is_over_has_expired(keys: ProjectKeys, key: str) -> None:
    assert keys.why_ended({"id": key, "expires_at": NOW}, LONG_AGO, "the key") == "has expired"
    assert keys.why_ended({"id": "key_9", "expires_at": NOW}, LONG_AGO, "the key") == "has expired"


def test_a_list_that_is_not_found_says_nothing_of_a_key(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.surprise("GET", "api_keys$", (404, {}))
    assert keys.why_ended({"id": key}, LONG_AGO, "the key") is None


# Revoking


def test_a_key_that_stays_alive_is_an_error(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.deletes_keys = False
    openai.surprise("POST", f"{key}$", (400, error_body("No expiry in this organization")))
    with pytest.raises(errors.BadRequestError, match=r"Could not set .* of the key: No expiry in this organization"):
        keys.revoke(key, "the key", LONG_AGO)


# Keys whose values were lost


@pytest.fixture
def lost(client: Client, openai: FakeOpenAI) -> LostKeys:  # noqa: ARG001 - nothing leaves this machine
    of_project = ProjectKeys(client, "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"})
    keys = AccountKeys(of_project, "svc_acct_9", "the account")
    return LostKeys(client, Remote({"project_id": "proj_1"}, "svc_acct_9"), keys.place())


@pytest.mark.parametrize(
    ("value", "redacted", "fits"),
    [
        ("sk-svcacct-abc0123456789wxyz", "sk-svcacct-abc***wxyz", True),
        ("sk-admin-0123456789wxyz", "sk-admin-...wxyz", True),
        ("sk-svcacct-abd0123456789wxyz", "sk-svcacct-abc***wxyz", False),
        ("sk-svcacct-abc0123456789wxya", "sk-svcacct-abc***wxyz", False),
        ("wxyz", "***wxyz", False),
        ("", "***", False),
        ("sk-admin-0123456789wxyz", "sk-admin-...", False),
        ("sk-admin-0123456789wxyz", "", False),
        ("sk-abcwxyz", "sk-abc...wxyz", False),
    ],
)
def test_a_key_is_recognized_by_its_beginning_and_its_end(value: str, redacted: str, *, fits: bool) -> None:
    assert is_shown_as(value, redacted) is fits
