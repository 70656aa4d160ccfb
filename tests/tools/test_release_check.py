from __future__ import annotations

import pytest

from tools import pinned, release_check

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n### Added\n\n- All of it.\n"


@pytest.mark.parametrize(
    ("changelog", "is_ready"),
    [
        (CHANGELOG, True),
        (CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n\n- New.\n"), False),
        (CHANGELOG.replace("## [Unreleased]\n", ""), False),
        (CHANGELOG.replace(" - 2026-12-01", ""), False),
        (CHANGELOG.replace("[1.2.3]", "[1.2.2]"), False),
        (CHANGELOG.partition("### Added")[0], False),
    ],
)
def test_the_changelog_has_a_dated_section_below_an_empty_one(changelog: str, is_ready: bool) -> None:
    assert release_check.has_section(changelog, "1.2.3") is is_ready


def test_it_says_what_is_left_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"tag": "v1", "status": " M README.md", "ls-files": ""}
    monkeypatch.setattr(release_check, "git", lambda command, *_: said[command])
    monkeypatch.setattr(release_check.subprocess, "run", lambda *_, **__: type("Done", (), {"returncode": 1}))
    assert release_check.main(["--quick"]) == 1
    shown = capsys.readouterr().out
    for part in ("`make record`", f"v{pinned.package_version()} exists", "`git status`", "`python -m tools.generate"):
        assert part in shown
    assert "tools.dist" not in shown
