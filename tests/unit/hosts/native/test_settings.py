from __future__ import annotations

import pytest

from pulumi_openai_admin.engine.outputs import wrap
from pulumi_openai_admin.hosts.native import native_host

DEFAULT = "urn:pulumi:dev::shop::pulumi:providers:openai-admin::default_0_1_0"
OTHER = "urn:pulumi:dev::shop::pulumi:providers:openai-admin::europe"


def test_the_default_provider_has_the_stacks_settings() -> None:
    values = {"adminApiKey": "sk", "parallel": 8.0, "version": "0.1.0"}
    assert native_host.named(DEFAULT, values) == {"openai-admin:adminApiKey": "sk", "openai-admin:parallel": "8"}


def test_a_provider_of_the_program_is_known_by_its_name() -> None:
    assert native_host.named(OTHER, {"maxWaitSeconds": 2.5}) == {
        "openai-admin:maxWaitSeconds": "2.5",
        "openai-admin:provider": "europe",
    }


@pytest.mark.parametrize(
    "name", ["default-eu", "default_eu", "defaultprovider", "default_1", "eu_default", "default::b"]
)
def test_a_provider_of_the_program_may_have_a_name_that_begins_with_default(name: str) -> None:
    urn = f"urn:pulumi:dev::shop::pulumi:providers:openai-admin::{name}"
    assert native_host.named(urn, {}) == {"openai-admin:provider": name}


@pytest.mark.parametrize(
    "name",
    [
        "default",
        "default_0_1_0",
        "default_1_2_3_alpha_1_sha",
        "default_1_2_3_github_/api.github.com/org",
        "default_https_/example.com/plugins",
    ],
)
def test_the_engines_own_providers_have_the_stacks_settings(name: str) -> None:
    assert native_host.named(f"urn:pulumi:dev::shop::pulumi:providers:openai-admin::{name}", {}) == {}


def test_wrong_settings_are_told_and_a_missing_key_is_none() -> None:
    assert native_host.failures({}) == {}
    found = native_host.failures(native_host.named(DEFAULT, {"parallel": "many", "baseUrl": "http://example.com"}))
    assert [*found] == ["baseUrl", "parallel"]
    assert "openai-admin:parallel must be a whole number from 1 to 64, not 'many'" in str(found["parallel"])
    assert "Invalid base URL" in str(found["baseUrl"])
    (failure,) = native_host.failures(native_host.named(OTHER, {"parallel": "many"})).values()
    assert str(failure).startswith("parallel of Provider 'europe' must be")


def test_the_key_is_always_secret() -> None:
    assert native_host.marked("adminApiKey", "sk") == wrap("sk")
    assert native_host.marked("adminApiKey", wrap("sk")) == wrap("sk")
    assert native_host.marked("baseUrl", "https://x") == "https://x"


def test_how_many_at_a_time() -> None:
    assert native_host.parallel({}) == 16
    assert native_host.parallel({"openai-admin:parallel": "3"}) == 3
    assert native_host.parallel({"openai-admin:parallel": "many"}) == 16


def test_a_number_and_its_text_are_the_same_setting() -> None:
    assert native_host.differing({"parallel": "5", "adminApiKey": "sk"}, {"parallel": 5.0, "adminApiKey": "sk"}) == []
    assert native_host.differing({"version": "0.1.0"}, {"version": "0.2.0"}) == []
    assert native_host.differing({"parallel": "5", "adminApiKey": "sk"}, {"adminApiKey": "other"}) == [
        "adminApiKey",
        "parallel",
    ]


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
