"""What a resource's inputs must be to each other. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_openai_admin.schema.fields import Role
from pulumi_openai_admin.schema.validation import is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.schema.fields import Declaration


class Rule(Protocol):
    """A condition on several inputs."""

    def fault(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        """What is wrong with the inputs that are set, in a sentence that names them; None if nothing is."""


@dataclass(frozen=True)
class ExactlyOneSelector:
    """The object meant is said in one way."""

    def fault(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        """See `Rule.fault`."""
        names = [field.name for field in declaration.with_role(Role.SELECTOR)]
        given = [name for name in names if name in inputs]
        if len(given) == 1:
            return None
        which = f"{' and '.join(given)} are set" if given else "none of them is set"
        return f"Set exactly one of {' and '.join(names)}: {which}."


@dataclass(frozen=True)
class AnyArgument:
    """At least one argument is set: without any, there is nothing to manage."""

    def fault(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        """See `Rule.fault`."""
        names = [field.name for field in declaration.with_role(Role.ARGUMENT)]
        return None if any(name in inputs for name in names) else f"Nothing is set: give one of {', '.join(names)}."


@dataclass(frozen=True)
class NotTogether:
    """If `flag` is True, `other` is not set."""

    flag: str
    other: str

    def fault(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:  # noqa: ARG002
        """See `Rule.fault`."""
        flag = inputs.get(self.flag)
        if flag is None or is_unknown(flag) or not flag or self.other not in inputs:
            return None
        return f"{self.other} can't be set together with {self.flag}=True: leave one of them out."
