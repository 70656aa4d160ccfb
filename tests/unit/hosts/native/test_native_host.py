from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import Project, ProjectRateLimits
from pulumi_openai_admin.hosts.native import native_host
from pulumi_openai_admin.hosts.native.native_host import NativeHost
from pulumi_openai_admin.hosts.native.servicer import response
from pulumi_openai_admin.lifecycle.diff import StateDifference
from pulumi_openai_admin.lifecycle.state import Outputs
from tests.unit.fakes import CallContext

DEFAULT = "urn:pulumi:dev::shop::pulumi:providers:openai-admin::default_0_1_0"
OTHER = "urn:pulumi:dev::shop::pulumi:providers:openai-admin::europe"


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


# The detailed difference

KINDS = provider_pb2.PropertyDiff.Kind


def shown(answer: Any) -> dict[str, tuple[str, bool]]:
    return {path: (KINDS.Name(it.kind), it.inputDiff) for path, it in answer.detailedDiff.items()}


def limits(**values: int) -> dict[str, Any]:
    return {"project_id": "proj_1", "limits": {model: {"max_requests_per_1_minute": n} for model, n in values.items()}}


def test_a_difference_inside_a_mapping_is_shown_where_it_is() -> None:
    before, after = limits(o1=60, o3=5), limits(o1=70, o4=5)
    after["limits"]["gpt-4o"] = {"max_requests_per_1_minute": 1}
    answer = response(ProjectRateLimits, StateDifference(("limits",), (), is_due=False), before, before, after)
    assert shown(answer) == {
        'limits["gpt-4o"]': ("ADD", True),
        "limits.o1.maxRequestsPer1Minute": ("UPDATE", True),
        "limits.o3": ("DELETE", True),
        "limits.o4": ("ADD", True),
    }
    assert answer.changes == answer.DIFF_SOME
    assert list(answer.diffs) == ["limits"]
    assert not answer.replaces
    assert answer.deleteBeforeReplace, "the program may have `replaceOnChanges`"


def test_a_replacement_says_so_and_deletes_first_what_existed_before() -> None:
    before, after = limits(o1=60), {**limits(o1=60), "project_id": "proj_2"}
    difference = StateDifference(("project_id",), ("project_id",), is_due=False)
    answer = response(ProjectRateLimits, difference, before, before, after)
    assert shown(answer) == {"projectId": ("UPDATE_REPLACE", True)}
    assert list(answer.replaces) == ["projectId"]
    assert answer.deleteBeforeReplace
