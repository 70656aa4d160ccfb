"""How values of declarations are written in requests and responses, where OpenAI writes them differently. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class WireForm(Protocol):
    """Converts a value. A value of another form, such as an unknown one, stays as it is."""

    def to_openai(self, value: Any) -> Any:
        """A value of a declaration as OpenAI takes it."""

    def from_openai(self, value: Any) -> Any:
        """A value as OpenAI shows it, as the declaration has it."""


@dataclass(frozen=True)
class SameForm:
    """OpenAI writes it as the declaration does."""

    def to_openai(self, value: Any) -> Any:
        """See `WireForm.to_openai`."""
        return value

    def from_openai(self, value: Any) -> Any:
        """See `WireForm.from_openai`."""
        return value


@dataclass(frozen=True)
class Tagged:
    """`{"aws": {…}}`, which OpenAI writes as `{"type": "aws", …}`."""

    tag: str = "type"

    def to_openai(self, value: Any) -> Any:
        """See `WireForm.to_openai`."""
        if not isinstance(value, dict) or len(value) != 1:
            return value
        ((kind, properties),) = value.items()
        return {self.tag: kind, **properties} if isinstance(properties, dict) else value

    def from_openai(self, value: Any) -> Any:
        """See `WireForm.from_openai`."""
        if not isinstance(value, dict) or self.tag not in value:
            return value
        return {value[self.tag]: {name: item for name, item in value.items() if name != self.tag}}


@dataclass(frozen=True)
class WholeList:
    """A list with one text, which OpenAI writes as that text: `["all"]` as `"all"`."""

    text: str

    def to_openai(self, value: Any) -> Any:
        """See `WireForm.to_openai`."""
        return self.text if value == [self.text] else value

    def from_openai(self, value: Any) -> Any:
        """See `WireForm.from_openai`."""
        return [self.text] if value == self.text else value


@dataclass(frozen=True)
class RenamedInItems:
    """A list of mappings in which OpenAI names properties differently: by our names, OpenAI's."""

    names: Mapping[str, str]

    def to_openai(self, value: Any) -> Any:
        """See `WireForm.to_openai`."""
        return _renamed(value, self.names)

    def from_openai(self, value: Any) -> Any:
        """See `WireForm.from_openai`."""
        return _renamed(value, {theirs: ours for ours, theirs in self.names.items()})


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {names.get(name, name): part for name, part in item.items()} if isinstance(item, dict) else item
        for item in value
    ]
