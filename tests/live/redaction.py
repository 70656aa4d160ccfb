"""Takes keys, names, addresses, ids and amounts out of replies. What is not known to be harmless is taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WORDS = frozenset(
    {
        *("code", "currency", "default", "enabled_tiers", "enforcement", "interval", "object", "owner_project_access"),
        *("param", "role", "status", "type"),
    }
)
"""Fields whose texts are words of the API."""
_ROLES = frozenset({"member", "none", "owner", "reader", "viewer"})
"""The roles that OpenAI predefines. The name of another role is the organization's."""
_MESSAGES = frozenset({"error", "message"})
"""Fields with texts for people."""
_LISTS_OF_WORDS = frozenset({"permissions", "scopes"})
_NUMBERS = ("max_", "batch_", "code")
"""How the fields begin whose numbers are kept: rate limits, and the status in an error. Others may be amounts."""

_WORD = re.compile(r"[\w.\[\]-]{1,60}")
_FIELD = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,60}")
_ID = re.compile(r"\b((?:[a-z]{2,12}[_-]){1,2})(?=[A-Za-z0-9]*[0-9A-Z])[A-Za-z0-9]{6,}")
_IN_ID_FIELD = re.compile(r"((?:[a-z]{2,12}[_-]){1,2})[A-Za-z0-9]+")
_PREDEFINED_ROLE = re.compile(r"(role-api-(?:project|organization)-[a-z]+)(?:__.*)?")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_KEY = re.compile(r"\bsk-[\w*.-]+")
_LONG = re.compile(r"\b[0-9a-fA-F-]{16,}\b")
_SHORTEST_NAME = 2


class Redaction:
    """One organization's replies without what belongs to it."""

    def __init__(self, ids: Mapping[str, str], bodies: Iterable[Any]) -> None:
        """Learn from all replies of a run which texts are names, so that none is left in a message.

        Args:
            ids: The ids of the run's own objects, by what the requests call them.
            bodies: All replies.
        """
        self._ids = {id_: f"<{name}>" for name, id_ in ids.items()}
        found = {text for body in bodies for text in _private_texts(body) if len(text) >= _SHORTEST_NAME}
        self._names = sorted(found - set(self._ids), key=len, reverse=True)

    def body(self, value: Any, field: str = "", *, predefined: bool = False) -> Any:
        if isinstance(value, dict):
            is_predefined = value.get("predefined_role") is True
            return {
                name if _FIELD.fullmatch(name) else "<text>": self.body(inner, name, predefined=is_predefined)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self.body(inner, field) for inner in value]
        if isinstance(value, str):
            return value if predefined and field == "name" else self._text(value, field)
        if value is None or isinstance(value, bool) or field.startswith(_NUMBERS):
            return value
        return "<number>"

    def _text(self, value: str, field: str) -> str:
        if value in self._ids:
            return self._ids[value]
        if field in _MESSAGES or not field:
            return self.text(value)
        if not value or _is_word(value, field):
            return value
        if field == "model" or value.startswith("rl-"):
            return re.sub(r"ft:([^:]*):.*", r"ft:\1:<text>", value)
        return _form_of_id(value) if field == "id" or field.endswith(("_id", "_ids")) else "<text>"

    def text(self, value: str) -> str:
        """Redact a text for people: ids, keys, addresses and all names of the organization are taken out of it."""
        for id_, name in self._ids.items():
            value = value.replace(id_, name)
        value = _EMAIL.sub("<address>", _KEY.sub("<key>", value))
        for name in self._names:
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "<text>", value)
        return _LONG.sub("<id>", _ID.sub(r"\1<id>", value))


def _form_of_id(value: str) -> str:
    """Give how an id begins; all of it where it names a role that OpenAI predefines."""
    predefined = _PREDEFINED_ROLE.fullmatch(value)
    if predefined is not None:
        return predefined[1] + ("" if predefined[0] == predefined[1] else "__<id>")
    form = _IN_ID_FIELD.fullmatch(value)
    return "<text>" if form is None else f"{form[1]}<id>"


def _is_word(value: str, field: str) -> bool:
    """Say whether a text is a word of the API, such as a status, a permission or an error code."""
    if field in _LISTS_OF_WORDS:
        return value.startswith("api.") and _WORD.fullmatch(value) is not None
    if field == "role":
        return value in _ROLES
    return field in _WORDS and _WORD.fullmatch(value) is not None and not _KEY.search(value)


def _private_texts(value: Any, field: str = "") -> Iterator[str]:
    """Give the texts of a reply that are nobody else's business, apart from those in texts for people."""
    if isinstance(value, dict):
        is_predefined = value.get("predefined_role") is True
        for name, inner in value.items():
            if not (is_predefined and name == "name"):
                yield from _private_texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _private_texts(inner, field)
    elif isinstance(value, str) and field not in {"", "model", *_MESSAGES}:
        yield from () if _is_word(value, field) or value.startswith("rl-") else (value,)
