"""The names that resources had before they were in a component, as aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class FormerNames:
    """What the children of a component were called in a program without it.

    A child is first looked for under the names that a flat program usually has: the name of the component, and for what
    there can be several of, the name of the component with the name of the entry. These are the names that
    `pulumi-openai-admin adopt` gives.

    Args:
        component: The name of the component.
        given: Another name in place of that of the component, or the former name of each child: `project`,
            `service_accounts.web`. Children that are not named there have the usual names.
        parent: The parent of the component. The resources may have had it, too.
    """

    component: str
    given: str | Mapping[str, str] | None = None
    parent: pulumi.Resource | None = None

    def aliases(self, child: str, entry: str = "") -> list[pulumi.Input[str | pulumi.Alias]]:
        """The aliases of a child.

        Args:
            child: What `given` calls it.
            entry: The name of its entry, if there can be several of its kind.
        """
        parents = [pulumi.ROOT_STACK_RESOURCE, *([self.parent] if self.parent else [])]
        return [pulumi.Alias(name=name, parent=parent) for name in self._names(child, entry) for parent in parents]

    def _names(self, child: str, entry: str) -> Iterable[str]:
        if isinstance(self.given, Mapping):
            if child in self.given:
                return [self.given[child]]
            base = self.given.get("project", self.component)
        else:
            base = self.given or self.component
        if not entry:
            return [base]
        return dict.fromkeys([f"{base}-{entry}", slug_of(f"{base} {entry}", "-")])
