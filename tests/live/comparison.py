"""Compares two recordings, and writes the differences as one table."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.live.recording import Exchange, Recording

NOTHING = "-"
_WHOLE = "the reply"
_FOUND, _FIRST_ERROR, _NOT_FOUND = 200, 400, 404
_WORDS_ANYWHERE = frozenset({"object"})
_WORDS_OF_ONE_OBJECT = frozenset({"code", "param", "role", "status", "type"})
_TEXTS = ("error", "message")
_LONGEST = 300


@dataclass(frozen=True)
class Difference:
    request: str
    what: str
    """What differs: `status`, `order`, `fields that changed`, or a field with its place, `data[].api_key`."""
    openai: str
    emulator: str


def differences(openai: Recording, emulator: Recording) -> list[Difference]:
    others = {exchange.step.title: exchange for exchange in emulator.exchanges}
    found: list[Difference] = []
    for exchange in openai.exchanges:
        other = others.pop(exchange.step.title, None)
        if other is None:
            found.append(Difference(exchange.step.title, "sent", "yes", "no: what it needs is not there"))
        else:
            found.extend(Difference(exchange.step.title, *difference) for difference in _differences(exchange, other))
    found.extend(Difference(title, "sent", "no: what it needs is not there", "yes") for title in others)
    return found


def _differences(openai: Exchange, emulator: Exchange) -> Iterator[tuple[str, str, str]]:
    absent = {openai.status, emulator.status} == {_FOUND, _NOT_FOUND}
    if absent and openai.step.may_be_absent:
        return
    if (openai.status < _FIRST_ERROR) != (emulator.status < _FIRST_ERROR):
        yield "status", _status_and_error(openai), _status_and_error(emulator)
        return
    if openai.status != emulator.status:
        yield "status", str(openai.status), str(emulator.status)
    ours, theirs = _leaves(openai.body), _leaves(emulator.body)
    for place in sorted(ours.keys() | theirs.keys()):
        seen, known = ours.get(place), theirs.get(place)
        if seen is None or known is None:
            if "an object" in (ours if seen is None else theirs).get(_parent(place), ()):
                yield place, _shown(seen), _shown(known)
        elif not seen & known:
            yield place, _shown(seen), _shown(known)
    yield from _permissions(openai.body, emulator.body)
    yield from _order(openai.body, emulator.body)
    if openai.changed != emulator.changed:
        yield "fields that changed", _fields(openai.changed), _fields(emulator.changed)


def _status_and_error(exchange: Exchange) -> str:
    if exchange.status < _FIRST_ERROR:
        return str(exchange.status)
    return f"{exchange.status} {_quoted(exchange.body)}"


def _leaves(body: Any) -> dict[str, set[str]]:
    """Give what each field of a reply holds, by its place: `data[].created_at` holds `a number`.

    Two sets that have something in common are no difference: the objects of a list may differ in what they hold.
    """
    found: dict[str, set[str]] = defaultdict(set)
    _walk(body, "", found, in_list=False)
    return dict(found)


def _walk(value: Any, place: str, found: dict[str, set[str]], *, in_list: bool) -> None:
    if isinstance(value, dict):
        found[place or _WHOLE].add("an object")
        for name, inner in value.items():
            _walk(inner, f"{place}.{name}".lstrip("."), found, in_list=in_list)
    elif isinstance(value, list):
        found[place or _WHOLE].add("an array")
        for inner in value:
            _walk(inner, f"{place}[]", found, in_list=True)
    else:
        found[place or _WHOLE].add(_description(value, place, in_list=in_list))


def _description(value: Any, place: str, *, in_list: bool) -> str:
    """Say what a field holds: its kind, and its value where that is a word of the API."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if value == "<number>" or isinstance(value, (int, float)):
        return "a number"
    if _is_compared(value, place, in_list=in_list):
        return f"`{value}`"
    form = re.fullmatch(r"(.*[_-])<id>", value)
    return f"`{form[1]}…`" if form else "a text"


def _is_compared(value: str, place: str, *, in_list: bool) -> bool:
    """Say whether the text itself is compared. In a list it mostly tells how an organization is, not how the API is."""
    field = place.rpartition(".")[2]
    is_word = field in _WORDS_ANYWHERE or (field in _WORDS_OF_ONE_OBJECT and not in_list)
    is_name_of_openai = field == "name" and value not in {"<text>", ""}
    return is_word or is_name_of_openai or place in _TEXTS or place.startswith("error.")


def _parent(place: str) -> str:
    """Give the place that a field or an element is in. A difference is told once, at the outermost place."""
    return re.sub(r"(\[\]|(^|\.)[^.\[]*)$", "", place) or _WHOLE


def _permissions(openai: Any, emulator: Any) -> Iterator[tuple[str, str, str]]:
    """Compare which permissions there are: their source is the roles that OpenAI predefines."""
    ours, theirs = (set(_words_in(body, "permissions")) for body in (openai, emulator))
    if ours != theirs:
        only = [", ".join(f"`{word}`" for word in sorted(words)) or NOTHING for words in (ours - theirs, theirs - ours)]
        yield "permissions that the other does not show", only[0], only[1]


def _words_in(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name and isinstance(inner, list):
                yield from (str(word) for word in inner)
            else:
                yield from _words_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _words_in(inner, name)


def _order(openai: Any, emulator: Any) -> Iterator[tuple[str, str, str]]:
    ours, theirs = _named(openai), _named(emulator)
    both = [name for name in ours if name in theirs], [name for name in theirs if name in ours]
    if both[0] != both[1]:
        first = next(place for place, (inner, other) in enumerate(zip(*both, strict=True)) if inner != other)
        shown = [", ".join(f"`{name}`" for name in names[first : first + 3]) for names in both]
        yield "order", shown[0], shown[1]


def _named(body: Any) -> list[str]:
    """Give the objects of a list that both sides know by the same name: those of the run, and models."""
    data = body.get("data") if isinstance(body, dict) else None
    names = [str(object_.get("id")) for object_ in data or [] if isinstance(object_, dict)]
    return [name for name in names if name.startswith(("<", "rl-"))]


def _fields(changed: Sequence[str] | None) -> str:
    return NOTHING if changed is None else ", ".join(f"`{name}`" for name in changed) or "none"


def _shown(holds: set[str] | None) -> str:
    return NOTHING if holds is None else " or ".join(sorted(holds))


def table(found: Sequence[Difference], openai: Recording, *, address: str, version: str, day: str) -> str:
    lines = [
        f"# Replies of {address} compared with the emulator of pulumi-openai-admin {version}, {day}",
        "",
        f"Requests: {len(openai.exchanges)}. Differences: {len(found)}. {_throttling(openai)}",
        "",
        "| request | what differs | OpenAI | emulator |",
        "|---|---|---|---|",
        *(
            f"| {_cell(row.request)} | {_cell(row.what)} | {_cell(row.openai)} | {_cell(row.emulator)} |"
            for row in found
        ),
        "",
        _left(openai),
        "",
    ]
    return "\n".join(lines)


def _throttling(openai: Recording) -> str:
    if not openai.throttled:
        return "Replies with status 429: none."
    first = openai.throttled[0]
    headers = ", ".join(f"`{name}`" for name in first.headers) or "no header about it"
    return f"Replies with status 429: {len(openai.throttled)}. The first had {headers}, and said {_quoted(first.body)}"


def _left(openai: Recording) -> str:
    if not openai.left:
        return "The run deleted the service accounts that it created, and put back the rate limits that it changed."
    return "The run could not put back:\n\n" + "\n".join(f"- {line}" for line in openai.left)


def _quoted(body: Any) -> str:
    return f"`{json.dumps(body, ensure_ascii=False)[:_LONGEST]}`"


def _cell(text: str) -> str:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return " ".join(shown.replace("|", "\\|").split())
