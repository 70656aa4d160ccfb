"""`make audit`: known vulnerabilities in the packages of `.venv`, and in those of the plugin archive.

`.venv` has all extras, and so the clients of all secret stores. pip-audit asks PyPI about each package. A package that
PyPI does not know fails the audit: a mirror has no vulnerabilities to tell.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from tools import pinned

OWN = "pulumi-openai-admin"
AUDIT = (sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--progress-spinner", "off")


def main() -> int:
    """Audit both; the exit code: 1 if there is a vulnerability, or a package could not be audited."""
    with tempfile.TemporaryDirectory() as folder:
        installed = Path(folder) / "installed.txt"
        installed.write_text("\n".join(requirements()), encoding="utf-8")
        codes = [
            subprocess.run([*AUDIT, "--no-deps", "--requirement", str(installed)], check=False).returncode,
            subprocess.run(
                [*AUDIT, "--require-hashes", "--requirement", str(pinned.PLUGIN / "requirements.txt")], check=False
            ).returncode,
        ]
    return max(codes)


def requirements() -> list[str]:
    """The packages that are installed here, with their versions, without this project."""
    found = {canonicalize_name(each.metadata["Name"]): each.version for each in metadata.distributions()}
    return [f"{name}=={version}" for name, version in sorted(found.items()) if name != OWN]


if __name__ == "__main__":
    sys.exit(main())
