"""States that earlier versions recorded still preview clean, without key and network, and refresh clean."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.hosts.native.properties import camel, token
from pulumi_openai_admin.hosts.native.schema import Schema
from pulumi_openai_admin.resources import ALL
from tests.engine.record_state import KEY, KINDS, PROVIDERS, RECORDED, Recording, declared, without_local_parts
from tools import pinned
from tools.stacks import environ_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine

RECORDINGS = [
    Recording(version, provider)
    for version in sorted(path.name for path in RECORDED.iterdir() if path.is_dir())
    for provider in PROVIDERS
]
OF_THE_PROVIDER = {"__managed", "__provider"}
"""What the provider itself keeps beside the outputs."""
NOWHERE = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
EACH = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda found: f"{found.version}-{found.provider}")
MACHINE = re.compile(r"/(?:home|root|tmp|Users|var)/|127\.0\.0\.1|localhost|[A-Z]:\\\\")
"""Paths and addresses of a machine, also of another one than this."""
CHANGELOG = (pinned.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASED = re.compile(r"^## \[(\d[^\]]*)\]", re.MULTILINE)
IN_RELEASE = re.compile(r"^## \[Unreleased\]\s+^## \[(\d[^\]]*)\]", re.MULTILINE)
"""The version whose section is the newest, as long as nothing is unreleased."""


@EACH
def test_recorded_state_previews_and_refreshes_clean(pulumi: Engine, recording: Recording, tmp_path: Path) -> None:
    (tmp_path / "program").mkdir()
    stack = recording.stack(pulumi, tmp_path / "program", NOWHERE)
    recording.import_into(stack)
    stack.assert_clean()
    with recording.emulator(tmp_path) as emulator:
        key = environ_of(emulator)
        stack.ok("refresh", "--yes", "--skip-preview", "--diff", "--expect-no-changes", **key)
        assert {call["method"] for call in emulator.control.requests()} == {"GET"}


def test_there_is_one_for_every_version() -> None:
    assert {found.version for found in RECORDINGS} >= {*RELEASED.findall(CHANGELOG), pinned.package_version()}


def test_that_of_a_release_has_every_kind_with_its_properties() -> None:
    in_release = [found for found in RECORDINGS if found.version in IN_RELEASE.findall(CHANGELOG)]
    assert [found for found in in_release if KINDS - found.kinds() or other_properties(found)] == [], "`make record`"


def other_properties(recording: Recording) -> set[str]:
    """Outputs that the state lacks, or that this version of the package does not have, such as `Group.groupId`.

    Outputs of a component are those that its program got: they are not compared.
    """
    found, resources = set[str](), Schema({}).whole()["resources"]
    for resource in json.loads(recording.state.read_text(encoding="utf-8"))["deployment"]["resources"]:
        kind = resource["type"].rpartition(":")[2]
        if kind not in ALL:
            continue
        # The dynamic provider has an underscore before the names of values that only it reads.
        outputs = {camel(name.lstrip("_")) for name in resource.get("outputs", {}).keys() - OF_THE_PROVIDER}
        properties = resources[token(kind)]
        missing, unknown = {*properties["required"]} - outputs, outputs - {*properties["properties"]}
        found |= {f"{kind}.{name}" for name in missing | unknown}
    return found


def test_the_program_declares_every_kind() -> None:
    assert {resource["kind"] for resource in declared()} == KINDS


@EACH
def test_each_resource_of_the_program_is_in_the_state(recording: Recording) -> None:
    program = json.loads(recording.program.read_text(encoding="utf-8"))["resources"]
    assert {resource["kind"] for resource in program} <= recording.kinds()


@EACH
def test_a_recording_has_no_key_and_nothing_of_the_machine_that_made_it(recording: Recording) -> None:
    for path in (recording.program, recording.state, recording.organization):
        text = path.read_text(encoding="utf-8")
        assert KEY.findall(text) + MACHINE.findall(text) == []


def test_keys_are_replaced_and_local_parts_left_out() -> None:
    key, other = "sk-svcacct-" + "k" * 64, "whsec_" + "s" * 32
    of_key = {"urn": "a", "sourcePosition": "file:///home/me/main.py", "outputs": {"api_key": key, "again": key}}
    resources = [of_key, {"urn": "b", "created": "2026-11-28", "outputs": {"signing_secret": other}}]
    exported = {"deployment": {"secrets_providers": {"state": "k"}, "resources": resources}}
    false_key = "sk-svcacct-recorded0"
    assert without_local_parts(exported)["deployment"]["resources"] == [
        {"urn": "a", "outputs": {"api_key": false_key, "again": false_key}},
        {"urn": "b", "outputs": {"signing_secret": "whsec_recorded1"}},
    ]
