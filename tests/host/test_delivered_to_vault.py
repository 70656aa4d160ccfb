"""A key goes to a store that can tell what it has, through real provider processes: noticed, rotated and removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectServiceAccountApiKey
from tests.delivery import fake_vault
from tests.delivery.fake_store import Fault
from tests.host.test_delivered_keys import ACCOUNT, PROVIDERS, QUICK, SEED, Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer


@dataclass(frozen=True)
class VaultStore:
    """What `Key` asks of a store."""

    server: fake_vault.FakeVault

    @property
    def deliver_to(self) -> dict[str, Any]:
        properties = {"path": "ci/openai", "mount": "kv", "field": "api_key", "address": self.server.url}
        return {"vault": properties}

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [version for version in self.server.versions.get("ci/openai", []) if version is not None]

    @property
    def secret(self) -> str:
        return str(self.documents[-1].get("api_key", "")) if self.documents else ""

    @property
    def versions(self) -> list[str]:
        return [document["api_key"] for document in self.documents if "api_key" in document]


class VaultKey(Key):
    def host(self) -> Any:
        environ = {
            "OPENAI_ADMIN_KEY": self.server.admin_key,
            "OPENAI_BASE_URL": self.server.base_url,
            "OPENAI_LOG": "debug",
            "VAULT_TOKEN": fake_vault.TOKEN,
            "NO_PROXY": "*",
        }
        return self.provider(environ, prelude=QUICK)

    def assert_in_vault(self) -> None:
        assert not self.error
        assert self.state is not None
        assert self.live == {self.own_id}
        assert self.is_admitted(self.store.secret)
        assert self.state["delivered_to"].startswith("field 'api_key' of secret 'ci/openai' in Vault (")
        assert self.state["api_key"] == ""


@pytest.fixture
def vault() -> Iterator[VaultStore]:
    server = fake_vault.FakeVault()
    server.start()
    yield VaultStore(server)
    server.stop()


@pytest.fixture(params=PROVIDERS)
def key(request: pytest.FixtureRequest, emulator: EmulatorServer, vault: VaultStore) -> VaultKey:
    emulator.control.seed(SEED)
    inputs = {**ACCOUNT, "name": "k"}
    store: Any = vault
    return VaultKey(emulator, store, PROVIDERS[request.param], ProjectServiceAccountApiKey, inputs, "api_key")


def test_scenario(key: VaultKey, vault: VaultStore) -> None:
    vault.server.versions["ci/openai"] = [{"password": "hunter2-hunter2"}]
    key.up()
    key.assert_in_vault()
    key.refresh()
    assert not key.told
    first = key.store.secret

    vault.server.versions["ci/openai"].append({**vault.documents[-1], "api_key": "by hand"})
    key.refresh()
    assert key.is_admitted(first), "the key works until the next one is delivered"
    key.up()
    assert "no longer contains" in key.told
    key.assert_in_vault()
    assert not key.is_admitted(first)

    key.destroy()
    assert not key.error
    assert vault.documents[-1] == {"password": "hunter2-hunter2"}
    assert not key.live
    vault.server.versions["ci/openai"] = [
        document for document in vault.documents if document.get("api_key") != "by hand"
    ]
    key.assert_no_key_was_shown()


def test_no_key_is_created_for_a_store_that_would_not_take_it(key: VaultKey, vault: VaultStore) -> None:
    vault.server.capabilities = ["read"]
    key.up()
    assert "the token lacks the capability 'create' on 'kv/data/ci/openai'" in key.error
    assert not key.live
    vault.server.capabilities = ["create", "read", "update"]
    key.up()
    key.assert_in_vault()


WRITE = 4
"""The number of the request that writes, after those of the check and of the read before the write."""


@dataclass(frozen=True)
class Break:
    """A write that fails."""

    fault: Fault
    says: str
    keys: int
    """How many keys OpenAI has afterwards."""
    revocation_fails: bool = False


BREAKS = {
    "refused": Break(Fault(WRITE, 403), "The key was revoked", 0),
    "lost": Break(Fault(WRITE, 0, is_late=True), "The key was not revoked, because field 'api_key' of", 1),
    "not revoked": Break(Fault(WRITE, 403), "It also could not be revoked", 1, revocation_fails=True),
}


@pytest.mark.parametrize("point", BREAKS.values(), ids=list(BREAKS))
def test_a_key_that_readers_of_the_store_may_have_is_not_revoked(
    key: VaultKey, vault: VaultStore, point: Break
) -> None:
    vault.server.fault = point.fault
    if point.revocation_fails:
        key.server.control.fault(
            kind="status", status=403, shape="string", message="No", method="DELETE", path_regex=".*api_keys/.*",
            times=None,
        )  # fmt: skip
    key.up()
    assert point.says in key.error
    assert len(key.live) == point.keys
    assert not vault.secret or key.is_admitted(vault.secret)
    if point.keys:
        assert key.live == {key.own_id}, "the state knows it"
    vault.server.fault = None
    key.server.control.clear_faults()
    key.up()
    key.assert_in_vault()
    key.destroy()
    assert not key.live
    key.assert_no_key_was_shown()
