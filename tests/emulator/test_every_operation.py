from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from openai import OpenAI

from pulumi_openai_admin.emulator.api import KINDS
from tests.emulator.sdk_methods import all_methods, call, operations_outside_the_sdk, sdk_operations, seed

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator import Control


@pytest.fixture
def client(_client: OpenAI, control: Control) -> OpenAI:
    control.seed(seed())
    return _client


def test_the_sdk_is_the_one_that_is_described() -> None:
    assert openai.__version__ == "3.57.0"
    assert len(all_methods()) == 143


@pytest.mark.parametrize("name", all_methods())
def test_a_method_is_answered_with_what_its_types_accept(client: OpenAI, name: str) -> None:
    call(client, name)


@pytest.mark.every_resource
def test_no_operation_is_made_up() -> None:
    ours = {(operation.method, operation.path) for kind in KINDS for operation in kind.operations()}
    assert ours - {*sdk_operations().values()} == operations_outside_the_sdk(), (
        "Of an operation that the SDK does not have, `described_by` of the kind (in emulator/api/) says "
        "where OpenAI describes it. What the SDK has needs no `described_by`."
    )
