"""The tests of `make check`: those of what changed, or of one resource. For every commit.

A test module is about a module of the same name, and about the files that `TESTS` names. A changed module without a
test, and a change of the package without a line in CHANGELOG.md, fail the check.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from noxfile import FOLDERS
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.resources import class_of, paths_of
from tools import pinned
from tools.commands import StepError, git, say

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "pulumi_openai_admin/"
TESTS = {
    f"{PACKAGE}*": ("tests/unit/*",),
    f"{PACKAGE}cli/*": ("tests/cli",),
    f"{PACKAGE}delivery/*": ("tests/delivery",),
    f"{PACKAGE}emulator/*": ("tests/emulator",),
    f"{PACKAGE}program/*": ("tests/unit/resources", "tests/unit/test_provider.py"),
    f"{PACKAGE}resources/*": ("tests/unit/test_registry.py", "tests/unit/test_identity.py"),
    f"{PACKAGE}__init__.py*": ("tests/unit/test_public_names.py", "tests/tools/test_generate.py"),
    f"{PACKAGE}pytest_plugin.py": ("tests/emulator/test_pytest_plugin.py",),
    f"{PACKAGE}remedies.py": ("tests/tools/test_links.py",),
    f"{PACKAGE}hosts/native/schema.json": ("tests/native/test_schema.py", "tests/tools/test_generate.py"),
    "benchmarks/*": ("tests/benchmarks",),
    "examples/*": ("tests/typing",),
    "plugin/*": ("tests/native/test_plugin.py",),
    "policies/*": ("tests/engine/test_policies.py",),
    "templates/*": ("tests/engine/test_templates.py",),
    "tests/*": ("tests/*",),
    "tests/warm/*": ("tests/engine/test_inputs.py", "tests/host/test_secret_names.py"),
    "tests/*.py": ("tests/unit",),
    "tools/*": ("tests/tools",),
    "tools/pictures.py": ("tests/engine/test_picture.py",),
    "docs/guides/*": ("tests/engine/test_guides.py",),
    "*.md": ("tests/tools/test_links.py", "tests/tools/test_page_commands.py", "tests/unit/test_readme.py"),
    **dict.fromkeys(("noxfile.py", "Makefile", "pyproject.toml"), ("tests/tools",)),
    ".github/*": ("tests/tools/test_workflows.py",),
}
"""The tests of files. A `*` in the name of tests stands for the folder of the file below the other `*`."""
ALWAYS = ("tests/unit/test_words.py", "tests/unit/test_troubleshooting.py", "tests/simulation")
SLOW = tuple(f"tests/{folder}" for folder in ("benchmarks", "browser", "engine", "host", "live", "native", "typing"))
"""The folders whose tests take minutes: they are named, and `make test` runs them."""
MARK = "pytest.mark.every_resource"


def main(arguments: list[str]) -> int:
    """Run the tests, and say what was not tested; the exit code."""
    parser = argparse.ArgumentParser(prog="make check")
    parser.add_argument("--base", default="main", help="the commit to compare with (main)")
    parser.add_argument("--all", action="store_true", help="run all of tests/unit")
    parser.add_argument("--resource", help="run all tests of this resource")
    parser.add_argument("--changelog", choices=["none"], help="no user can notice the change: it needs no line")
    options = parser.parse_args(arguments)
    if name := options.resource:
        tests = [*tests_of_resource(name)]
        print("\n".join(tests), flush=True)
        # Nothing is left out of the fault matrix. Most tests wait for an injected fault to pass.
        return pytest(tests, {"TEST_RESOURCE": name, "TESTS": "full"}, workers=6)
    try:
        changed = changed_since(options.base)
    except StepError as error:
        say(f"git knows no commit {options.base}: {error}\nName another one: make check BASE=HEAD~1")
        return 1
    tests_by_file = {file: tests_of(file) for file in changed}
    found = {"tests/unit"} if options.all else set().union(*tests_by_file.values())
    slow = sorted(test for test in found if test.startswith(SLOW))
    faults = []
    modules = [file for file, tests in tests_by_file.items() if file.endswith(".py") and not tests]
    if untested := [file for file in modules if (pinned.ROOT / file).exists()]:
        faults.append(f"Not tested: no test is about {', '.join(untested)}. Name one in TESTS of tools/check.py.")
    packaged = [file for file in changed if file.startswith(PACKAGE) and not file.endswith(".md")]
    if packaged and "CHANGELOG.md" not in changed and not options.changelog:
        faults.append(
            f"CHANGELOG.md has no line about the change of {packaged[0]}. Add it to [Unreleased], in the words of "
            "users. If no user can notice the change: make check CHANGELOG=none"
        )
    if pytest(sorted({*found, *ALWAYS} - {*slow}), {}, workers=2):
        faults.append("Tests failed: see above.")
    if slow:
        print(f"Not run, because they take minutes: .venv/bin/python -m pytest {' '.join(slow)}")
    print("\n".join(faults) or "All of it passed.", flush=True)
    return 1 if faults else 0


def changed_since(base: str) -> list[str]:
    """The files that differ from where this branch left `base`, and those that git does not track yet."""
    tracked = git("diff", "--name-only", "--no-renames", git("merge-base", base, "HEAD").strip())
    return sorted({*tracked.splitlines(), *git("ls-files", "--others", "--exclude-standard").splitlines()})


def tests_of(file: str) -> set[str]:
    """The test modules and folders that are about a file."""
    path, root = Path(file), pinned.ROOT
    if file.startswith("tests/") and path.name.startswith("test_"):
        found = {file}
    else:
        same_name = (root / "tests").rglob(f"test_{path.stem.strip('_')}.py") if path.suffix == ".py" else ()
        found = {test.relative_to(root).as_posix() for test in same_name}
        for pattern, tests in TESTS.items():
            if fnmatch(file, pattern):
                folder = file.removeprefix(pattern.partition("*")[0]).rpartition("/")[0].partition("/")[0]
                found |= {test.replace("*", folder) for test in tests if folder or "*" not in test}
    return {test for test in found if (root / test).exists()}


def tests_of_resource(name: str) -> Iterator[str]:
    """The test modules over all resources, and those of its own handler and kind."""
    handler = class_of(name).handler
    paths = {*paths_of(handler)}
    emulated = [kind for kind in KINDS if paths & {operation.path for operation in kind.operations()}]
    modules = {type(each).__module__.rpartition(".")[2] for each in (handler, *emulated)}
    own = {f"test_{module}.py" for module in modules | {f"{kind.name}s" for kind in emulated}}
    for path in sorted((pinned.ROOT / "tests").rglob("test_*.py")):
        if path.name in own or MARK in path.read_text(encoding="utf-8"):
            yield path.relative_to(pinned.ROOT).as_posix()


def pytest(tests: list[str], environ: dict[str, str], workers: int) -> int:
    """Run tests; the exit code. If one needs the engine, it is there before they start."""
    if sys.platform in FOLDERS:
        if others := [test for test in tests if test.split("/")[1] not in FOLDERS[sys.platform]]:
            say(f"Not run here, because these tests start processes as only Linux does: {' '.join(others)}.")
        tests = [test for test in tests if test not in others]
    elif any(test.startswith(SLOW) for test in tests):
        subprocess.run([sys.executable, "-m", "tools.engine"], cwd=pinned.ROOT, check=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "worksteal", *tests]
    return subprocess.run(command, cwd=pinned.ROOT, env={**os.environ, **environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
