from __future__ import annotations

from typing import Any

from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import ProjectRateLimits
from pulumi_openai_admin.hosts.native.servicer import response
from pulumi_openai_admin.lifecycle.diff import StateDifference

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
