"""The comparison with OpenAI, with a second emulator in OpenAI's place."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from requests import ConnectionError as NoReplyError

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS, TOKENS
from tests.commands import PYTEST
from tests.live.comparison import Difference, differences, table
from tests.live.recording import Exchange, Recording, Server
from tests.live.redaction import Redaction
from tests.live.steps import DEMO, SEED, Step, steps
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROJECT = "/organization/projects/{project}"
ROW, ACCOUNTS = f"{PROJECT}/rate_limits/{{row}}", f"{PROJECT}/service_accounts"
EXTRA_KEY = f"{PROJECT}/api_keys/{{extra_key}}"


@pytest.fixture(scope="module")
def _openai() -> Iterator[EmulatorServer]:
    with EmulatorServer(seed=SEED) as server:
        yield server


@pytest.fixture
def openai(_openai: EmulatorServer) -> EmulatorServer:
    """The emulator that plays OpenAI."""
    _openai.control.reset()
    return _openai


@pytest.fixture(scope="module")
def expected(_openai: EmulatorServer) -> Recording:
    _openai.control.reset()
    return record(_openai)


def record(server: EmulatorServer, waits: list[float] | None = None) -> Recording:
    sleep = ([] if waits is None else waits).append
    return Server(server.base_url, server.admin_key, DEMO, sleep=sleep).record(steps())


def test_a_server_that_behaves_like_the_emulator_has_no_difference(openai: EmulatorServer, expected: Recording) -> None:
    recorded = record(openai)
    assert differences(recorded, expected) == []
    assert len({exchange.step.title for exchange in recorded.exchanges}) == len(list(steps()))


@pytest.fixture(scope="module")
def switched(_openai: EmulatorServer, expected: Recording) -> dict[tuple[str, str], Difference]:
    """The differences of an emulator that behaves in another way wherever a switch lets it."""
    _openai.control.reset()
    _openai.control.world(
        created_status=201, keep_omitted_fields=False, account_lag_reads=1, service_account_keys_deletable=False
    )
    return {(difference.request, difference.what): difference for difference in differences(record(_openai), expected)}


@pytest.mark.parametrize(
    ("request_", "what", "openai_shows", "emulator_shows"),
    [
        (f"POST {ACCOUNTS}", "status", "201", "200"),
        (f"POST {ROW} (another limit)", "fields that changed", f"`{REQUESTS}`, `{TOKENS}`", f"`{REQUESTS}`"),
        (
            f"GET {ACCOUNTS}/{{first_account}} (at once after its creation)",
            "status",
            '404 `{"error": {"message": "The service account <first_account> was not found",',
            "200",
        ),
        (
            f"DELETE {EXTRA_KEY} (for the second time)",
            "error.code",
            "`service_account_key_not_deletable`",
            "`not_found`",
        ),
    ],
)
def test_a_switched_behaviour_is_a_difference(
    switched: dict[tuple[str, str], Difference], request_: str, what: str, openai_shows: str, emulator_shows: str
) -> None:
    found = switched[request_, what]
    assert found.openai.startswith(openai_shows)
    assert found.emulator.startswith(emulator_shows)


def test_a_run_leaves_the_project_as_it_was(openai: EmulatorServer) -> None:
    openai.control.world(refuse_special_rows=False)
    before = there(openai)
    assert record(openai).left == []
    assert there(openai) == before


def test_a_run_that_breaks_off_leaves_the_project_as_it_was(openai: EmulatorServer) -> None:
    openai.control.fault(kind="reset", when="after", method="POST", path="*/service_accounts", skip=4)
    before = there(openai)
    with pytest.raises(NoReplyError):
        record(openai)
    assert there(openai) == before


def there(server: EmulatorServer) -> dict[str, Any]:
    """What there is, without what says which requests were made."""
    return {kind: there for kind, there in server.control.live().items() if kind not in {"admin_api_key", "audit_log"}}


def test_what_cannot_be_put_back_is_named(openai: EmulatorServer) -> None:
    openai.control.fault(kind="status", status=403, method="DELETE", path="*/service_accounts/*", times=None)
    openai.control.fault(kind="status", status=400, method="POST", path="*/rl-gpt-4o-mini", skip=9, times=None)
    left = record(openai).left
    assert left == [
        "the service account <first_account>: its deletion was answered with 403",
        "the service account <second_account>: its deletion was answered with 403",
        f"{REQUESTS} of <row>: it was 10000, and is 0",
        "max_tokens_per_1_minute of <row>: it was 10000000, and is 1000",
    ]
    assert "could not put back:\n\n- the service account" in table_of(Recording(left=left))


def test_a_full_request_limit_is_waited_for_and_told(openai: EmulatorServer, expected: Recording) -> None:
    openai.control.fault(kind="throttle", seconds=7.5, advice="text", path="*/projects", times=2)
    waits: list[float] = []
    recorded = record(openai, waits)
    assert waits == [7.5, 7.5]
    assert differences(recorded, expected) == []
    assert "Replies with status 429: 2. The first had" in table_of(recorded)
    assert "try again after 7.5 seconds" in table_of(recorded)


def test_the_files_hold_no_key_no_name_and_no_address(openai: EmulatorServer, tmp_path: Path) -> None:
    live = {"OPENAI_LIVE_PROJECT": DEMO, "OPENAI_LIVE_FOLDER": str(tmp_path)}
    environ = {**os.environ, **environ_of(openai), **live, "PYTHONPATH": str(ROOT)}
    openai.control.world(created_status=201)
    command = [*PYTEST, str(ROOT / "tests" / "live" / "test_differences.py")]
    done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert f"3 differences from the emulator, in {tmp_path / 'differences.md'}" in done.stdout
    written = (tmp_path / "differences.md").read_text("utf-8")
    assert f"| POST {ACCOUNTS} | status | 201 | 200 |" in written
    replies = (tmp_path / "replies.json").read_text("utf-8")
    assert len(json.loads(replies)["openai"]["exchanges"]) == len(list(steps()))
    private = ("sk-", "Grace", "grace", "example.com", "Engineering", "Keys", "Demo", "Emulated", "user-emulator")
    assert [word for word in private if word in replies + written] == []
    assert openai.admin_key not in done.stdout


def test_names_ids_and_addresses_are_taken_out_of_messages() -> None:
    body = {"name": "Blue Whale", "id": "user-Q7mXpR2sT9", "email": "eve@corp.example", "owner": {"name": "Eve Stone"}}
    message = (
        "Eve Stone (eve@corp.example, user-Q7mXpR2sT9) of org-Zk81TTa90qW cannot use sk-admin-abc*****xyz "
        "in Blue Whale, nor gpt-4o-mini-2024-07-18 of proj_AbC123xyz"
    )
    redaction = Redaction({"project": "proj_AbC123xyz"}, [body])
    assert redaction.body({"error": {"message": message, "code": "no_access"}})["error"] == {
        "message": "<text> (<address>, <text>) of org-<id> cannot use <key> in <text>, "
        "nor gpt-4o-mini-2024-07-18 of <project>",
        "code": "no_access",
    }
    assert redaction.body({"error": "Eve Stone may not"}) == {"error": "<text> may not"}
    assert redaction.body("<html>Blue Whale</html>") == "<html><text></html>"


def test_what_is_not_known_is_taken_out() -> None:
    reply = {
        "type": "user",
        "role": "whales",
        "member": {"role": "owner"},
        "amount": {"value": 12.5, "currency": "usd"},
        "created_at": 1_700_000_000,
        REQUESTS: 3,
        "redacted_value": "sk-proj-abc***xyz",
        "permissions": ["api.groups.read", "Whales"],
        "metadata": {"Blue Whale": "yes"},
        "is_default": False,
        "nothing": None,
        "id": "user-Q7mXpR2sT9",
        "model": "ft:gpt-4o-2024-08-06:whales:deep:Zk81",
        "empty": "",
    }
    assert Redaction({}, [reply]).body(reply) == {
        "type": "user",
        "role": "<text>",
        "member": {"role": "owner"},
        "amount": {"value": "<number>", "currency": "usd"},
        "created_at": "<number>",
        REQUESTS: 3,
        "redacted_value": "<text>",
        "permissions": ["api.groups.read", "<text>"],
        "metadata": {"<text>": "<text>"},
        "is_default": False,
        "nothing": None,
        "id": "user-<id>",
        "model": "ft:gpt-4o-2024-08-06:<text>",
        "empty": "",
    }


def one_reply(body: Any) -> Recording:
    return Recording([Exchange(Step("GET", "/organization/things"), 200, body)])


@pytest.mark.parametrize(
    ("openai", "emulator", "expected"),
    [
        ({"data": [{"id": "<b>"}, {"id": "<a>"}]}, {"data": [{"id": "<a>"}, {"id": "<b>"}]}, ["order"]),
        ({"data": [{"id": "<a>"}, {"id": "rl-x"}]}, {"data": [{"id": "rl-y"}, {"id": "<a>"}]}, []),
        ({"api_key": None}, {"api_key": {"id": "key_<id>"}}, ["api_key"]),
        ({"data": []}, {"data": [{"id": "<a>"}]}, []),
        ({"data": [{"a": None}, {"a": "<number>"}]}, {"data": [{"a": "<number>"}]}, []),
        ({"data": [{"id": "<a>", "new": True}]}, {"data": [{"id": "<a>"}]}, ["data[].new"]),
        ({"error": "No."}, {"error": {"message": "No."}}, ["error"]),
        ({"error": {"message": "No."}}, {"error": {"message": "Never."}}, ["error.message"]),
        ({"id": "key-<id>"}, {"id": "key_<id>"}, ["id"]),
        ({"object": "project"}, {"object": "organization.project"}, ["object"]),
        ({"data": [{"name": "Project Owner"}]}, {"data": [{"name": "owner"}]}, ["data[].name"]),
        ({"data": [{"role": "owner"}]}, {"data": [{"role": "reader"}]}, []),
        (
            {"permissions": ["api.new.read"]},
            {"permissions": ["api.old.read"]},
            ["permissions that the other does not show"],
        ),
        ("<html>", {"object": "list"}, ["the reply"]),
    ],
    ids=str,
)
def test_a_difference_of_replies(openai: Any, emulator: Any, expected: list[str]) -> None:
    assert [difference.what for difference in differences(one_reply(openai), one_reply(emulator))] == expected


def test_a_setting_that_only_one_organization_has_is_no_difference() -> None:
    step = Step("GET", "/s", may_be_absent=True)
    absent, present = Exchange(step, 404, {"error": {}}), Exchange(step, 200, {"object": "setting"})
    assert differences(Recording([absent]), Recording([present])) == []


def test_a_request_that_could_not_be_sent_is_a_difference() -> None:
    assert [difference.what for difference in differences(Recording(), one_reply({}))] == ["sent"]


def table_of(recording: Recording, *found: Difference) -> str:
    return table(found, recording, address="api.openai.com", version="0.1.0", day="2026-12-01")


def test_a_cell_stays_one_cell() -> None:
    written = table_of(Recording(), Difference("GET /x", "message", "a|b\nc", "d"))
    assert "| GET /x | message | a\\|b c | d |" in written
