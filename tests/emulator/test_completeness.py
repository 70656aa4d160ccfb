"""What the emulator keeps by kind or by operation is complete, because it is made from the one list of kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.control.emulator import Buckets
from pulumi_openai_admin.emulator.handlers.behavior import Behavior, Throttle

if TYPE_CHECKING:
    from conftest import Http

    from pulumi_openai_admin.emulator import Control

pytestmark = pytest.mark.every_resource


def test_every_operation_has_a_throttle_of_its_own() -> None:
    operations = [operation for kind in KINDS for operation in kind.operations()]
    assert len(operations) > 100
    buckets = Buckets(Behavior(throttle=Throttle(per_minute=1, burst=1)))
    assert not any(buckets.refuse(operation) for operation in operations)
    assert all(buckets.refuse(operation) for operation in operations)


@pytest.mark.parametrize("sent", ["null", " null\n"])
def test_null_is_an_empty_body_where_a_call_needs_none(api: Http, control: Control, sent: str) -> None:
    """The calls are made for ids that nothing has, so all but a few are refused, each as without a body."""
    operations = [operation for kind in KINDS for operation in kind.operations() if operation.method == "POST"]
    without_body = [operation.path for operation in operations if operation.takes_no_body]
    assert "/organization/projects/{project_id}/archive" in without_body
    for path in without_body:
        url = path.replace("{project_id}", "proj_demo")
        control.reset()
        empty = api("POST", url)
        control.reset()
        null = api("POST", url, data=sent)
        assert (null.status_code, [*null.json()]) == (empty.status_code, [*empty.json()]), path
        assert empty.status_code < 500, path
        if not null.ok:
            assert null.json() == empty.json()
