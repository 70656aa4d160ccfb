from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.process import EmulatorError

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator import Control

DEMO = "proj_demo"


def sdk(server: EmulatorServer) -> OpenAI:
    return OpenAI(admin_api_key=server.admin_key, base_url=server.base_url, max_retries=0)


def test_nothing_that_was_answered_is_lost_by_kill_9(tmp_path: Path) -> None:
    server = EmulatorServer(state=tmp_path / "state").start()
    with sdk(server) as client:
        projects = client.admin.organization.projects
        made = projects.create(name="Made")
        projects.archive("proj_staging")
        accounts = [projects.service_accounts.create(made.id, name=str(number)) for number in range(50)]
        projects.service_accounts.delete(accounts[0].id, project_id=made.id)
        projects.api_keys.update(accounts[1].api_key.id, project_id=made.id, scopes=["a"], expires_in_seconds=900)
        projects.rate_limits.update_rate_limit("rl-gpt-4o", project_id=DEMO, max_requests_per_1_minute=0)
    before = server.control.state()
    server.kill()
    with server:
        assert server.control.state() == before
        assert server.control.key(accounts[1].api_key.value)["scopes"] == ["a"]
        assert server.control.key(accounts[0].api_key.value)["state"] == "revoked"
        with sdk(server) as client:
            listed = client.admin.organization.projects.service_accounts.list(made.id, limit=100)
            assert [account.name for account in listed] == [str(number) for number in range(1, 50)]


def test_an_orderly_stop_leaves_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess.Popen, "terminate", subprocess.Popen.kill)  # as it is on Windows
    with EmulatorServer(state=tmp_path / "state"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_seed_is_planted_once_and_reset_plants_it_again(tmp_path: Path) -> None:
    seed = {"projects": [{"id": "proj_a", "name": "A", "service_accounts": [{"name": "s", "keys": [{}]}]}]}
    server = EmulatorServer(state=tmp_path / "state", seed=seed).start()
    state = server.control.state()
    assert state["totals"]["service_accounts"] == 1
    assert [project["is_default"] for project in state["projects"].values()] == [True, False]
    server.stop()
    with server:
        assert server.control.state() == state
        with sdk(server) as client:
            client.admin.organization.projects.create(name="B")
        server.control.reset()
        assert server.control.state()["totals"] == state["totals"]


def test_a_seed_says_all_there_is(tmp_path: Path) -> None:
    seed = {
        "projects": [
            {
                "id": "proj_a",
                "name": "A",
                "default": True,
                "rate_limits": {"rl-gpt-4o": {"max_requests_per_1_minute": 9}},
            },
            {"id": "proj_old", "name": "Old", "status": "archived"},
        ],
        "admin_keys": [{"value": "sk-admin-another"}],
        "world": {"created_status": 201, "rate_limit_rows": None},
        "rate_limit_rows": [{"model": "house-model", "limits": {"max_requests_per_1_minute": 5}}],
    }
    path = tmp_path / "seed.json"
    with EmulatorServer(seed=seed, admin_key="sk-admin-mine") as server:
        assert list(server.control.state()["projects"]) == ["proj_a", "proj_old"]
        assert server.control.world()["created_status"] == 201
        for key in ("sk-admin-mine", "sk-admin-another"):
            with OpenAI(admin_api_key=key, base_url=server.base_url, max_retries=0) as client:
                rows = client.admin.organization.projects.rate_limits.list_rate_limits("proj_a", limit=1000)
                found = {row.id: row.max_requests_per_1_minute for row in rows}
        assert (found["rl-gpt-4o"], found["rl-house-model"]) == (9, 5)
    assert not path.exists()


def test_a_state_file_is_held_by_one_emulator(tmp_path: Path) -> None:
    with (
        EmulatorServer(state=tmp_path / "state"),
        pytest.raises(EmulatorError, match="another emulator is using it"),
    ):
        EmulatorServer(state=tmp_path / "state").start()


def test_a_seed_that_is_wrong_anywhere_plants_nothing(control: Control) -> None:
    before = control.state()
    for wrong in ({"faults": [{"kind": "gremlins"}]}, {"world": {"gravity": 1}}, {"admin_keys": [{}]}):
        with pytest.raises(EmulatorError, match=next(iter(wrong))):
            control.seed({"projects": [{"name": "Never"}], **wrong})
    assert control.state() == before
