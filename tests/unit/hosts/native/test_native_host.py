from __future__ import annotations

import pytest

from pulumi_openai_admin import Project
from pulumi_openai_admin.hosts.native import native_host
from pulumi_openai_admin.hosts.native.native_host import NativeHost
from pulumi_openai_admin.lifecycle.state import Outputs
from tests.unit.fakes import CallContext

DEFAULT = "urn:pulumi:dev::shop::pulumi:providers:openai-admin::default_0_1_0"
OTHER = "urn:pulumi:dev::shop::pulumi:providers:openai-admin::europe"


def test_the_default_provider_has_the_stacks_settings() -> None:
    values = {"adminApiKey": "sk", "parallel": 8.0, "version": "0.1.0"}
    assert native_host.named(DEFAULT, values) == {"openai-admin:adminApiKey": "sk", "openai-admin:parallel": "8"}


@pytest.mark.parametrize(
    ("name", "is_default"),
    [
        ("default", True),
        ("default_0_1_0", True),
        ("default_1_2_3_alpha_1_sha", True),
        ("default_1_2_3_github_/api.github.com/org", True),
        ("default_https_/example.com/plugins", True),
        ("default-eu", False),
        ("default_eu", False),
        ("eu_default", False),
        ("default::b", False),
    ],
)
def test_only_the_engines_own_providers_have_the_stacks_settings(name: str, is_default: bool) -> None:
    found = native_host.named(f"urn:pulumi:dev::shop::pulumi:providers:openai-admin::{name}", {"maxWaitSeconds": 2.5})
    assert found.pop("openai-admin:maxWaitSeconds") == "2.5"
    assert found == ({} if is_default else {"openai-admin:provider": name})


def test_wrong_settings_are_told_and_a_missing_key_is_none() -> None:
    assert native_host.failures(DEFAULT, {}) == {}
    found = native_host.failures(DEFAULT, {"parallel": "many", "baseUrl": "http://example.com", "version": "1.0.0"})
    assert {*found} == {"baseUrl", "parallel"}
    assert "openai-admin:parallel must be a whole number from 1 to 64, not 'many'" in found["parallel"]
    assert "Invalid base URL" in found["baseUrl"]
    (failure,) = native_host.failures(OTHER, {"parallel": "many"}).values()
    assert failure.startswith("parallel of Provider 'europe' must be")


def test_a_number_and_its_text_are_the_same_setting() -> None:
    assert native_host.differing({"parallel": "5", "adminApiKey": "sk"}, {"parallel": 5.0, "adminApiKey": "sk"}) == []
    assert native_host.differing({"version": "0.1.0"}, {"version": "0.2.0"}) == []
    changed = native_host.differing({"parallel": "5", "adminApiKey": "sk"}, {"adminApiKey": "other"})
    assert changed == ["adminApiKey", "parallel"]


@pytest.mark.parametrize(
    ("of_sdk", "own", "newer"),
    [
        ("0.2.0", "0.1.9", "0.2.0"),
        ("0.10.0", "0.9.0", "0.10.0"),
        ("1.0.0-rc.1", "0.9.0", "1.0.0-rc.1"),
        ("0.1.0", "0.1.0", ""),
        ("0.1.0", "0.2.0", ""),
        ("1.0.0-rc.1", "1.0.0rc1", ""),
        ("latest", "0.1.0", ""),
        (None, "0.1.0", ""),
    ],
)
def test_the_version_of_a_newer_sdk(of_sdk: str | None, own: str, newer: str) -> None:
    assert native_host.newer_sdk({"version": of_sdk}, own) == newer


@pytest.mark.parametrize(("value", "is_kept"), [("Team", True), (object(), False)])
def test_a_half_done_step_that_can_not_be_sent_is_left_to_the_caller(value: object, is_kept: bool) -> None:
    context = CallContext()
    host = NativeHost(urn="urn:it", context=context, resource=Project)
    assert host.keep_partial("proj_1", Outputs({"name": value}), ValueError("It broke.")) is is_kept
    assert bool(context.metadata) is is_kept
