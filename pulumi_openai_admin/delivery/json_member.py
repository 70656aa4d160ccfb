"""One member of a JSON object in a text. All other text stays as it is. Pure.

A document of others is never parsed and written again: numbers would lose digits (`1.10`, `1e400`), and names that are
there twice, the order and the line breaks would be lost.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from pulumi_openai_admin.delivery.secret_store import Refusal

_SPACE = re.compile(r"[ \t\n\r]*")
_ADVICE = "Make it a JSON object in which each name is there once, then "


class _InvalidError(Exception):
    """Why a text is no JSON object, and at which character."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


@dataclass(frozen=True)
class JsonMember:
    """A member of an object, and where it is in the text."""

    name: str
    value: object
    """A number is the text that stands there."""
    start: int
    name_end: int
    value_start: int
    end: int


def members_of(text: str) -> list[JsonMember]:
    """The members of the object that a text is. Refused if it is no JSON object."""
    try:
        return _scanned(text)
    except _InvalidError as error:
        line, column = text.count("\n", 0, error.at) + 1, error.at - text.rfind("\n", 0, error.at)
        reason = f"the document is not a JSON object: {error.reason} (line {line}, column {column})"
    except RecursionError:
        reason = "the document is not a JSON object that can be read: it is nested too deeply"
    raise Refusal(reason, _ADVICE)


def member_of(text: str, name: str) -> JsonMember | None:
    """The member with a name; None if there is none. Refused if there are several, as readers see one of them."""
    found = [member for member in members_of(text) if member.name == name]
    if len(found) > 1:
        raise Refusal(f"the document has the name '{name}' {len(found)} times", _ADVICE)
    return found[0] if found else None


def with_member(text: str, name: str, value: str) -> str:
    """The text with a string as the value of a member. A new member is the last one, and looks like the one before."""
    quoted = json.dumps(value, ensure_ascii=False)
    member = member_of(text, name)
    if member:
        return text[: member.value_start] + quoted + text[member.end :]
    members = members_of(text)
    pair = json.dumps(name, ensure_ascii=False)
    if not members:
        at = text.index("{") + 1
        return f"{text[:at]}{pair}: {quoted}{text[at:]}"
    last = members[-1]
    colon = text[last.name_end : last.value_start]
    before = text[members[-2].end : last.start] if len(members) > 1 else "," + text[text.index("{") + 1 : last.start]
    if len(members) == 1 and before == "," and colon != ":":
        before = ", "
    return f"{text[: last.end]}{before}{pair}{colon}{quoted}{text[last.end :]}"


def without_member(text: str, name: str) -> str:
    """The text without a member, which is there."""
    members, found = members_of(text), member_of(text, name)
    place = next(place for place, member in enumerate(members) if member == found)
    start, end = members[place].start, members[place].end
    if place + 1 < len(members):
        end = members[place + 1].start
    elif place:
        start = members[place - 1].end
    return text[:start] + text[end:]


def _scanned(text: str) -> list[JsonMember]:
    at = _token(text, 0, "{")
    members: list[JsonMember] = []
    if text[at : at + 1] != "}":
        while True:
            member = _member(text, at)
            members.append(member)
            at = _skipped(text, member.end)
            if text[at : at + 1] != ",":
                break
            at = _skipped(text, at + 1)
    if (end := _token(text, at, "}")) != len(text):
        reason = "there is more after it"
        raise _InvalidError(reason, end)
    return members


def _member(text: str, start: int) -> JsonMember:
    if text[start : start + 1] != '"':
        reason = "there is no name"
        raise _InvalidError(reason, start)
    try:
        name, name_end = _decoder(start).raw_decode(text, start)
        value_start = _token(text, _skipped(text, name_end), ":")
        value, end = _decoder(value_start).raw_decode(text, value_start)
    except json.JSONDecodeError as error:
        raise _InvalidError(error.msg, error.pos) from None
    return JsonMember(name, value, start, name_end, value_start, end)


def _decoder(at: int) -> json.JSONDecoder:
    """A decoder that leaves numbers as they are, and refuses what only Python reads: `NaN`, `Infinity`."""

    def refuse(constant: str) -> None:
        reason = f"{constant} is no JSON"
        raise _InvalidError(reason, at)

    return json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=refuse)


def _token(text: str, at: int, token: str) -> int:
    """Where what follows a token begins. Space may be before and after the token."""
    at = _skipped(text, at)
    if text[at : at + 1] != token:
        reason = f"there is no '{token}'"
        raise _InvalidError(reason, at)
    return _skipped(text, at + 1)


def _skipped(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
