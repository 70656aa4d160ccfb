from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tools import engine, languages

if TYPE_CHECKING:
    import pytest

    from tests.tools.conftest import Machine


def test_all_programs_are_built_together_and_kept(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.go()
    folder = languages.find_or_get()
    programs = [languages.PROGRAM_GENERATOR, languages.PROGRAM_HOST, languages.YAML_HOST, languages.GENERATOR]
    assert sorted(path.name for path in folder.iterdir()) == programs
    assert "Building pulumi-language-yaml and sdkgen and programgen and programhost" in capsys.readouterr().err
    assert not (machine.cache / "work-languages").exists()
    (machine.path / "go").unlink()
    assert languages.find_or_get() == folder


def test_the_host_is_put_beside_an_engine_from_go_modules(machine: Machine) -> None:
    machine.go()
    folder = machine.keep("go")
    found = languages.with_yaml(engine.Engine(folder, "go", "3.0.0"))
    assert found.folder == folder
    assert os.access(folder / languages.YAML_HOST, os.X_OK)


def test_the_users_own_engine_is_left_as_it_is(machine: Machine) -> None:
    own = engine.Engine(machine.path, "path", "3.900.0")
    assert languages.with_yaml(own) == own
    assert [*machine.path.iterdir()] == []
