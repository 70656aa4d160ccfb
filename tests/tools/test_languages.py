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


def test_the_host_is_put_beside_an_engine_from_go_modules_alone(machine: Machine) -> None:
    machine.go()
    folder = machine.keep("go")
    for source in ("path", "go"):
        found = engine.Engine(folder, source, "3.900.0")
        assert languages.with_yaml(found) == found
        assert os.access(folder / languages.YAML_HOST, os.X_OK) is (source == "go")
