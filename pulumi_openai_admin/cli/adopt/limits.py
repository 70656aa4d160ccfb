"""Which rate limits a program declares: those of the selected models, without those that most projects have. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.patterns import MODEL
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import LIMITS, ProjectRateLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.patterns import Patterns


@dataclass(frozen=True)
class Limits:
    """Chooses rate limits.

    Args:
        patterns: `--include` and `--exclude`.
        common: The common values by model and limit, which are omitted. Empty for a program with all limits.
        only_known: Whether limits without a common value are omitted, too: nothing says whether somebody set them.
    """

    patterns: Patterns
    common: Mapping[tuple[str, str], int] = field(default_factory=dict)
    only_known: bool = False

    def narrowed(self, kind: AdoptedKind, inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The inputs with the limits to declare; None if there are none. Inputs of other kinds stay as they are."""
        if kind.resource is ProjectRateLimits:
            limits = {model: self._differing(model, values) for model, values in inputs["limits"].items()}
            limited = {model: values for model, values in limits.items() if values}
            return {**inputs, "limits": limited} if limited else None
        if kind.resource is ProjectRateLimit:
            values = {name: value for name, value in inputs.items() if name in LIMITS}
            differing = self._differing(inputs["model"], values)
            others = {name: value for name, value in inputs.items() if name not in LIMITS}
            return {**others, **differing} if differing else None
        return inputs

    def _differing(self, model: str, values: Mapping[str, int]) -> dict[str, int]:
        """The limits of a model that differ from the common values; none of a model that is not selected."""
        if not self.patterns.selects(MODEL, model):
            return {}
        return {
            limit: value
            for limit, value in values.items()
            if self.common.get((model, limit)) != value and not (self.only_known and (model, limit) not in self.common)
        }
