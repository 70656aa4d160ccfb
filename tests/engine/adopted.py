"""Stacks of programs that `adopt` wrote."""

from __future__ import annotations

from tests.engine import key_service
from tests.engine.stacks import Stack
from tests.warm.start import virtual_environment

# As `adopt` prints it for the import. Here for the preview, too: it changes no result, and is three times as fast.
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
NOWHERE = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}


class AdoptedStack(Stack):
    """A stack of a program that `adopt` wrote."""

    def __post_init__(self) -> None:
        self.is_native = not (self.folder / "requirements.txt").exists()
        if not self.is_native:
            (self.folder / ".venv").symlink_to(virtual_environment())  # in place of `pulumi install`
        self.environ = {**key_service.environment(), **self.environ}
        self.ok("stack", "init", "production", "--secrets-provider", key_service.PROVIDER)

    def take_over(self) -> None:
        """Import everything; OpenAI is asked only by the native provider, whose import has ids alone."""
        asked = {} if self.is_native else NOWHERE
        self.ok("import", "--file", "import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS, **asked)

    def preview_shows_no_change(self) -> None:
        """The program and the state agree, and so do their options: the preview lists nothing at all."""
        shown = self.ok("preview", "--expect-no-changes", **NO_CHECKPOINTS, **NOWHERE).text
        assert "[diff:" not in shown
