"""The pytest plugin: the fixture `openai_emulator`, for tests of programs that use this package.

pytest loads it wherever the package is installed. It imports the emulator when a test asks for the fixture.
`docs/testing.md` describes how tests use it. PYTEST_DONT_REWRITE
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_openai_admin.emulator.process import Control, EmulatorServer

    Seed = Mapping[str, Any] | Path | str | None


@dataclass(frozen=True)
class OpenAIEmulator:
    """An organization of one test, in an emulator on your machine."""

    base_url: str
    """The address of its API: `http://127.0.0.1:PORT/v1`."""
    admin_key: str
    """An Admin API key that it accepts."""
    control: Control
    """Seeds, faults, the clock, the log of requests, and what exists."""
    environment: Mapping[str, str] = field(repr=False)
    """The environment variables that are set during the test: the API, and a separate Pulumi backend."""

    @property
    def stack_configuration(self) -> dict[str, str]:
        """The same API as stack configuration, for programs that are run without these environment variables."""
        return {"openai-admin:adminApiKey": self.admin_key, "openai-admin:baseUrl": self.base_url}


@pytest.fixture(scope="session")
def _openai_emulator_of() -> Iterator[Callable[[Mapping[str, Any] | None], EmulatorServer]]:
    """Gives an emulator with the organization of a seed, as if nobody had called it yet.

    There is one process for each seed, since a reset goes back to the seed.
    """
    running: dict[str, EmulatorServer] = {}

    def fresh(seed: Mapping[str, Any] | None) -> EmulatorServer:
        from pulumi_openai_admin.emulator.process import EmulatorError, EmulatorServer  # noqa: PLC0415 - see above

        name = json.dumps(seed, sort_keys=True)
        if name in running:
            running[name].control.reset()
        else:
            try:
                running[name] = to_stop.enter_context(EmulatorServer(seed=seed))
            except EmulatorError as error:
                pytest.fail(f"openai_emulator: {error}", pytrace=False)
        return running[name]

    with ExitStack() as to_stop:
        yield fresh


@pytest.fixture
def openai_emulator_seed() -> Seed:
    """What exists at the start of a test: a seed, or a file with one; `None`: the demo organization. Override it."""
    return None


@pytest.fixture
def openai_emulator(
    _openai_emulator_of: Callable[[Mapping[str, Any] | None], EmulatorServer],
    openai_emulator_seed: Seed,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> OpenAIEmulator:
    """An OpenAI organization in an emulator, separate for each test. The environment variables make programs use it.

    The emulator is a process on a free loopback port. It ends with the test session. `OPENAI_ADMIN_KEY`,
    `OPENAI_BASE_URL`, `PULUMI_BACKEND_URL` and `PULUMI_CONFIG_PASSPHRASE` are set for the test, so that neither the
    programs nor the `pulumi` command reach anything outside your machine.
    """
    server = _openai_emulator_of(_read(openai_emulator_seed))
    stacks = tmp_path / "pulumi-backend"
    stacks.mkdir()
    environment = {
        "OPENAI_ADMIN_KEY": server.admin_key,
        "OPENAI_BASE_URL": server.base_url,
        "PULUMI_BACKEND_URL": f"file://{stacks.as_posix()}",
        "PULUMI_CONFIG_PASSPHRASE": "of the test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    for name in ("OPENAI_ORG_ID", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return OpenAIEmulator(server.base_url, server.admin_key, server.control, environment)


def _read(seed: Seed) -> Mapping[str, Any] | None:
    if not isinstance(seed, Path | str):
        return seed
    try:
        content = json.loads(Path(seed).read_bytes())
    except (OSError, ValueError) as error:
        pytest.fail(f"openai_emulator_seed: {seed} can't be read: {error}", pytrace=False)
    if not isinstance(content, dict):
        pytest.fail(f"openai_emulator_seed: {seed} is not a JSON object.", pytrace=False)
    return content
